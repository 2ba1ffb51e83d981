package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.PageTableFormat;
import org.jspecify.annotations.Nullable;

/** The driver half of an AMD-Vi IOMMU: GCR3 tables and guest page tables; host page tables where there is no guest translation. */
public final class AmdDriver implements IommuDriver {
    /** A quiesced entry stays valid and leads to a top table that is empty for ever: nothing can be mistaken for a table error. */
    public static final String DUMMY_ROOT = "dummy-root";

    /** A quiesced entry has V = 0, as Linux has it. */
    public static final String CLEARED_ENTRY = "cleared-entry";

    private final DriverHost host;

    /**
     * Null before {@link #start()} and after {@link #close()}, which core does not call concurrently with anything
     * else.
     */
    private volatile @Nullable Iommu running;

    /** A driver that has not touched its hardware yet. */
    public AmdDriver(DriverHost host) {
        this.host = host;
    }

    @Override
    public IommuCapabilities start() {
        if (running != null) {
            throw new IllegalStateException(host.name() + " has been started");
        }
        Iommu started = Iommu.start(host);
        running = started;
        return started.capabilities();
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
        running().devices().attach(device);
    }

    @Override
    public void detachDevice(int requester) {
        running().devices().detach(requester);
    }

    @Override
    public void setAts(int requester, boolean enabled) {
        running().devices().setAts(requester, enabled);
    }

    @Override
    public void setPageRequests(int requester, boolean enabled) {
        running().devices().setPageRequests(requester, enabled);
    }

    @Override
    public void setUntagged(int requester, UntaggedTraffic traffic) {
        TranslationContext context = traffic.context();
        running().devices().setUntagged(requester, traffic, context == null ? null : own(context));
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
        Iommu unit = running();
        unit.entries().set(unit.devices().get(requester), pasid, own(context), stall);
    }

    @Override
    public void quiescePasid(int requester, int pasid) {
        Iommu unit = running();
        unit.entries().quiesce(unit.devices().get(requester), pasid);
    }

    @Override
    public void clearPasid(int requester, int pasid) {
        Iommu unit = running();
        unit.entries().clear(unit.devices().get(requester), pasid);
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

    /** See {@link DeviceTlbInvalidation} for what becomes of invalidations under way. */
    @Override
    public void deviceGone(int requester) {
        running().devices().gone(requester);
    }

    @Override
    public void close() {
        Iommu unit = running;
        if (unit != null) {
            unit.close();
            running = null;
        }
    }

    private Iommu running() {
        Iommu unit = running;
        if (unit == null) {
            throw new IllegalStateException(host.name() + " is not running");
        }
        return unit;
    }

    private AmdContext own(TranslationContext context) {
        if (context instanceof AmdContext ours && ours.owner() == running()) {
            return ours;
        }
        throw new IllegalArgumentException(host.name() + " has not opened the context " + context.tag());
    }
}
