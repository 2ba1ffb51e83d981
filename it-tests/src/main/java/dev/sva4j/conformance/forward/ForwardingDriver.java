package dev.sva4j.conformance.forward;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.PageTableFormat;

/** A driver half that is another one, for subclasses to differ in one point. */
public abstract class ForwardingDriver implements IommuDriver {
    private final IommuDriver to;

    /** Passes on to {@code to}. */
    protected ForwardingDriver(IommuDriver to) {
        this.to = to;
    }

    @Override
    public IommuCapabilities start() {
        return to.start();
    }

    @Override
    public void checkProcessFormat(PageTableFormat format) {
        to.checkProcessFormat(format);
    }

    @Override
    public PageTableFormat domainFormat(boolean tagged) {
        return to.domainFormat(tagged);
    }

    @Override
    public void attachDevice(DeviceAttachment device) {
        to.attachDevice(device);
    }

    @Override
    public void detachDevice(int requester) {
        to.detachDevice(requester);
    }

    @Override
    public void setAts(int requester, boolean enabled) {
        to.setAts(requester, enabled);
    }

    @Override
    public void setPageRequests(int requester, boolean enabled) {
        to.setPageRequests(requester, enabled);
    }

    @Override
    public void setUntagged(int requester, UntaggedTraffic traffic) {
        to.setUntagged(requester, traffic);
    }

    @Override
    public TranslationContext openContext(PageTableFormat format, long root) {
        return to.openContext(format, root);
    }

    @Override
    public void closeContext(TranslationContext context) {
        to.closeContext(context);
    }

    @Override
    public void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
        to.setPasid(requester, pasid, context, stall);
    }

    @Override
    public void quiescePasid(int requester, int pasid) {
        to.quiescePasid(requester, pasid);
    }

    @Override
    public void clearPasid(int requester, int pasid) {
        to.clearPasid(requester, pasid);
    }

    @Override
    public void invalidate(TranslationContext context, long start, long last, boolean tables) {
        to.invalidate(context, start, last, tables);
    }

    @Override
    public void drain(int requester, int pasid) {
        to.drain(requester, pasid);
    }

    @Override
    public void respond(PageResponse response) {
        to.respond(response);
    }

    @Override
    public void deviceGone(int requester) {
        to.deviceGone(requester);
    }

    @Override
    public void close() {
        to.close();
    }
}
