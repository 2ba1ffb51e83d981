package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.PageTableFormat;
import org.jspecify.annotations.Nullable;

/** The driver half of an Arm SMMUv3. Stage 1 of the Non-secure EL1 world; there is no stage 2. */
public final class SmmuDriver implements IommuDriver {
    private final DriverHost host;

    /**
     * Null before {@link #start()} and after {@link #close()}, which core does not call concurrently with anything
     * else.
     */
    private volatile @Nullable Smmu running;

    /** A driver that has not touched its hardware yet. */
    public SmmuDriver(DriverHost host) {
        this.host = host;
    }

    @Override
    public IommuCapabilities start() {
        if (running != null) {
            throw new IllegalStateException(host.name() + " has been started");
        }
        Smmu smmu = Smmu.start(host);
        running = smmu;
        return smmu.capabilities();
    }

    @Override
    public void checkProcessFormat(PageTableFormat format) {
        running().check(format);
    }

    @Override
    public PageTableFormat domainFormat(boolean tagged) {
        return running().domainFormat(tagged);
    }

    @Override
    public void attachDevice(DeviceAttachment device) {
        running().streams().attach(device);
    }

    @Override
    public void detachDevice(int requester) {
        running().streams().detach(requester);
    }

    @Override
    public void setAts(int requester, boolean enabled) {
        running().streams().setAts(requester, enabled);
    }

    @Override
    public void setPageRequests(int requester, boolean enabled) {
        running().streams().setPageRequests(requester, enabled);
    }

    @Override
    public void setUntagged(int requester, UntaggedTraffic traffic) {
        TranslationContext context = traffic.context();
        running().streams().setUntagged(requester, traffic, context == null ? null : own(context));
    }

    @Override
    public TranslationContext openContext(PageTableFormat format, long root) {
        return running().openContext(format, root);
    }

    @Override
    public void closeContext(TranslationContext context) {
        running().closeContext(own(context));
    }

    @Override
    public void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
        Smmu smmu = running();
        smmu.entries().set(smmu.streams().get(requester), pasid, own(context), stall);
    }

    @Override
    public void quiescePasid(int requester, int pasid) {
        Smmu smmu = running();
        smmu.entries().quiesce(smmu.streams().get(requester), pasid);
    }

    @Override
    public void clearPasid(int requester, int pasid) {
        Smmu smmu = running();
        smmu.entries().clear(smmu.streams().get(requester), pasid);
    }

    @Override
    public void invalidate(TranslationContext context, long start, long last, boolean tables) {
        if (Long.compareUnsigned(start, last) > 0) {
            throw new IllegalArgumentException(
                    String.format("range 0x%x to 0x%x is empty; the last byte is included", start, last));
        }
        running().invalidate(own(context), start, last, tables);
    }

    @Override
    public void drain(int requester, int pasid) {
        running().drain(requester);
    }

    @Override
    public void respond(PageResponse response) {
        running().responses().send(response);
    }

    /** See {@link AtcInvalidation} for what becomes of invalidations under way. */
    @Override
    public void deviceGone(int requester) {
        running().streams().gone(requester);
    }

    @Override
    public void close() {
        Smmu smmu = running;
        if (smmu != null) {
            smmu.close();
            running = null;
        }
    }

    private Smmu running() {
        Smmu smmu = running;
        if (smmu == null) {
            throw new IllegalStateException(host.name() + " is not running");
        }
        return smmu;
    }

    private SmmuContext own(TranslationContext context) {
        if (context instanceof SmmuContext ours && ours.owner() == running()) {
            return ours;
        }
        throw new IllegalArgumentException(host.name() + " has not opened the context " + context.tag());
    }
}
