package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.hardware.AtcInvalidations;
import dev.sva4j.vendor.amd.layout.Command;
import dev.sva4j.vendor.amd.layout.CompletePprRequest;
import dev.sva4j.vendor.amd.layout.InvalidateDevtabEntry;
import dev.sva4j.vendor.amd.layout.InvalidateIommuPages;
import dev.sva4j.vendor.amd.layout.InvalidateIotlbPages;
import dev.sva4j.vendor.amd.layout.InvalidationRange;
import dev.sva4j.vendor.amd.layout.PrefetchIommuPages;
import org.jspecify.annotations.Nullable;

/** What each command does (AMD-Vi 2.4), but for COMPLETION_WAIT. Called by the consumer of the buffer only; no state. */
final class CommandExecutor {
    private static final long PAGE = 4096;

    private final Features features;
    private final Caches caches;
    private final AtcInvalidations atc;
    private final DeviceLink devices;
    private final Translator translator;

    CommandExecutor(Features features, Caches caches, AtcInvalidations atc, DeviceLink devices, Translator translator) {
        this.features = features;
        this.caches = caches;
        this.atc = atc;
        this.devices = devices;
        this.translator = translator;
    }

    /** The command in these words, or null if it is illegal: unknown, not supported, or with a reserved bit set. */
    @Nullable
    Command decode(long word0, long word1) {
        Command command = Command.of(word0);
        if (command == null
                || (word0 & command.layout().reservedMask(0)) != 0
                || (word1 & command.layout().reservedMask(1)) != 0) {
            return null;
        }
        boolean supported = switch (command) {
            case PREFETCH_IOMMU_PAGES -> features.prefetch;
            case COMPLETE_PPR_REQUEST -> features.pageRequests;
            case INVALIDATE_IOMMU_ALL -> features.invalidateAll;
            // InvIotlbTypeSup is not implemented.
            case INVALIDATE_IOTLB_PAGES -> InvalidateIotlbPages.TYPE.get(word1) == 0;
            case COMPLETION_WAIT, INVALIDATE_DEVTAB_ENTRY, INVALIDATE_IOMMU_PAGES, INVALIDATE_INTERRUPT_TABLE -> true;
        };
        return supported ? command : null;
    }

    /** Carries out a legal command; returns whether something was dropped from caches. */
    boolean execute(Command command, long word0, long word1) {
        switch (command) {
            case INVALIDATE_DEVTAB_ENTRY -> caches.invalidateDevice((int) InvalidateDevtabEntry.DEVICE_ID.get(word0));
            case INVALIDATE_IOMMU_PAGES -> invalidatePages(word0, word1);
            case INVALIDATE_IOTLB_PAGES -> invalidateDeviceTlb(word0, word1);
            case PREFETCH_IOMMU_PAGES -> prefetch(word0, word1);
            case COMPLETE_PPR_REQUEST -> respond(word0, word1);
            case INVALIDATE_IOMMU_ALL -> caches.invalidateEverything();
            // Interrupts are not remapped: nothing of their tables is cached.
            case INVALIDATE_INTERRUPT_TABLE, COMPLETION_WAIT -> {}
        }
        return switch (command) {
            case INVALIDATE_DEVTAB_ENTRY, INVALIDATE_IOMMU_PAGES, PREFETCH_IOMMU_PAGES, INVALIDATE_IOMMU_ALL -> true;
            case INVALIDATE_IOTLB_PAGES, COMPLETE_PPR_REQUEST, INVALIDATE_INTERRUPT_TABLE, COMPLETION_WAIT -> false;
        };
    }

    private void invalidatePages(long word0, long word1) {
        int domain = (int) InvalidateIommuPages.DOMAIN_ID.get(word0);
        int pasid = (int) InvalidateIommuPages.PASID.get(word0);
        boolean directories = InvalidateIommuPages.PDE.isSet(word1);
        boolean guest = InvalidateIommuPages.GN.isSet(word1);
        int log2Size = InvalidationRange.log2Size(word1);
        if (log2Size == InvalidationRange.LOG2_ALL) {
            if (guest) {
                caches.invalidatePasid(domain, pasid, directories);
            } else {
                caches.invalidateDomain(domain, directories);
            }
            return;
        }
        long first = InvalidationRange.base(word1);
        long last = first + (1L << log2Size) - 1;
        if (guest) {
            caches.invalidatePasidPages(domain, pasid, first, last, directories);
        } else {
            caches.invalidateDomainPages(domain, first, last, directories);
        }
    }

    private void invalidateDeviceTlb(long word0, long word1) {
        boolean guest = InvalidateIotlbPages.GN.isSet(word1);
        int pasid = guest ? (int) InvalidateIotlbPages.PASID.from(0, word0) : Pasid.NONE;
        int device = (int) InvalidateIotlbPages.DEVICE_ID.get(word0);
        atc.send(device, pasid, InvalidationRange.base(word1), InvalidationRange.log2Size(word1), false);
    }

    /** Faults of a hint are nobody's: it is handled like a translation request, whose faults are not logged. */
    private void prefetch(long word0, long word1) {
        int device = (int) PrefetchIommuPages.DEVICE_ID.get(word0);
        int pasid = PrefetchIommuPages.GN.isSet(word1) ? (int) PrefetchIommuPages.PASID.get(word0) : Pasid.NONE;
        long base = InvalidationRange.base(word1);
        for (long page = 0; page < PrefetchIommuPages.PF_COUNT.get(word0); page++) {
            translator.prefetch(device, pasid, base + page * PAGE, PrefetchIommuPages.INVAL.isSet(word1));
        }
    }

    private void respond(long word0, long word1) {
        int pasid = CompletePprRequest.GN.isSet(word1) ? (int) CompletePprRequest.PASID.get(word0) : Pasid.NONE;
        devices.pageGroupResponse(
                (int) CompletePprRequest.DEVICE_ID.get(word0),
                pasid,
                (int) CompletePprRequest.PRG_INDEX.get(word1),
                PageRequests.response((int) CompletePprRequest.RESPONSE.get(word1)));
    }
}
