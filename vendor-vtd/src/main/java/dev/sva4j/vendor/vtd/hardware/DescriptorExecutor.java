package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.hardware.AtcInvalidations;
import dev.sva4j.vendor.vtd.layout.AddressBlock;
import dev.sva4j.vendor.vtd.layout.ContextCacheInvalidate;
import dev.sva4j.vendor.vtd.layout.DeviceTlbInvalidate;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;
import dev.sva4j.vendor.vtd.layout.InvalidationWait;
import dev.sva4j.vendor.vtd.layout.IotlbInvalidate;
import dev.sva4j.vendor.vtd.layout.PageGroupResponse;
import dev.sva4j.vendor.vtd.layout.PasidCacheInvalidate;
import dev.sva4j.vendor.vtd.layout.PasidDeviceTlbInvalidate;
import dev.sva4j.vendor.vtd.layout.PasidIotlbInvalidate;
import org.jspecify.annotations.Nullable;

/** What each descriptor does (6.5.2), but for inv_wait. Called by the consumer of the queue only; has no state. */
final class DescriptorExecutor {
    private static final int LOG2_PAGE = 12;

    private final Features features;
    private final Caches caches;
    private final AtcInvalidations atc;
    private final DeviceLink devices;

    DescriptorExecutor(Features features, Caches caches, AtcInvalidations atc, DeviceLink devices) {
        this.features = features;
        this.caches = caches;
        this.atc = atc;
        this.devices = devices;
    }

    /** The descriptor that this word starts, or null if there is none in this mode or on this unit. */
    @Nullable
    InvalidationDescriptor decode(long word0, Settings.Mode mode) {
        InvalidationDescriptor type = InvalidationDescriptor.of(word0);
        if (type == null || (type.isScalableOnly() && mode == Settings.Mode.LEGACY)) {
            return null;
        }
        return switch (type) {
            case DEV_TLB_INV, P_DEV_TLB_INV -> features.deviceTlbs ? type : null;
            case PAGE_GRP_RESP -> features.pageRequests ? type : null;
            // Without interrupt remapping there is nothing to invalidate, which is not an error.
            case CC_INV, IOTLB_INV, IEC_INV, INV_WAIT, P_IOTLB_INV, PC_INV -> type;
        };
    }

    /**
     * Whether reserved bits are 0 and fields have values that mean something. The manual names an error for reserved
     * fields only; a reserved value of a field is taken as one.
     */
    boolean isLegal(InvalidationDescriptor type, long[] words) {
        if (type.layout().hasReservedBitsSet(words)) {
            return false;
        }
        long word0 = words[0];
        return switch (type) {
            case CC_INV -> ContextCacheInvalidate.G.get(word0) != 0;
            case IOTLB_INV -> isLegalIotlbInvalidation(word0, words[1]);
            case DEV_TLB_INV -> features.throttling || DeviceTlbInvalidate.PFSID.from(0, word0) == 0;
            case P_DEV_TLB_INV -> features.throttling || PasidDeviceTlbInvalidate.PFSID.from(0, word0) == 0;
            case INV_WAIT -> features.pageRequestDrain || !InvalidationWait.PD.isSet(word0);
            case P_IOTLB_INV -> PasidIotlbInvalidate.G.get(word0) >= PasidIotlbInvalidate.G_PASID;
            case PC_INV ->
                switch ((int) PasidCacheInvalidate.G.get(word0)) {
                    case PasidCacheInvalidate.G_DOMAIN, PasidCacheInvalidate.G_PASID, PasidCacheInvalidate.G_GLOBAL ->
                        true;
                    default -> false;
                };
            case PAGE_GRP_RESP -> responseCode(word0) != null;
            case IEC_INV -> true;
        };
    }

    private boolean isLegalIotlbInvalidation(long word0, long word1) {
        long granularity = IotlbInvalidate.G.get(word0);
        if (granularity != IotlbInvalidate.G_PAGE) {
            return granularity != 0;
        }
        return features.pageSelective && IotlbInvalidate.AM.get(word1) <= features.largestAddressMask;
    }

    /** Whether a function must not get it before what came before it has taken effect. */
    static boolean goesToDevice(InvalidationDescriptor type) {
        return type == InvalidationDescriptor.DEV_TLB_INV || type == InvalidationDescriptor.P_DEV_TLB_INV;
    }

    /** Carries out a legal descriptor; returns whether something was dropped from caches. */
    boolean execute(InvalidationDescriptor type, long[] words, Settings.Mode mode) {
        long word0 = words[0];
        long word1 = words[1];
        switch (type) {
            case CC_INV -> invalidateContexts(word0, mode);
            case PC_INV -> invalidatePasids(word0);
            case IOTLB_INV -> invalidateIotlb(word0, word1);
            case P_IOTLB_INV -> invalidatePasidIotlb(word0, word1);
            case DEV_TLB_INV ->
                atc.send(
                        (int) DeviceTlbInvalidate.SID.get(word0),
                        Pasid.NONE,
                        DeviceTlbInvalidate.base(word1),
                        LOG2_PAGE + DeviceTlbInvalidate.order(word1),
                        false);
            case P_DEV_TLB_INV ->
                atc.send(
                        (int) PasidDeviceTlbInvalidate.SID.get(word0),
                        (int) PasidDeviceTlbInvalidate.PASID.get(word0),
                        PasidDeviceTlbInvalidate.base(word1),
                        LOG2_PAGE + PasidDeviceTlbInvalidate.order(word1),
                        PasidDeviceTlbInvalidate.GI.isSet(word1));
            case PAGE_GRP_RESP -> respond(word0, word1);
            case IEC_INV, INV_WAIT -> {}
        }
        return switch (type) {
            case CC_INV, PC_INV, IOTLB_INV, P_IOTLB_INV -> true;
            case DEV_TLB_INV, P_DEV_TLB_INV, PAGE_GRP_RESP, IEC_INV, INV_WAIT -> false;
        };
    }

    /** In scalable mode there is no domain in a context entry, and domain-selective is global. */
    private void invalidateContexts(long word0, Settings.Mode mode) {
        long did = ContextCacheInvalidate.DID.get(word0);
        switch ((int) ContextCacheInvalidate.G.get(word0)) {
            case ContextCacheInvalidate.G_DOMAIN ->
                caches.invalidateContexts(context -> mode != Settings.Mode.LEGACY || context.did() == did);
            case ContextCacheInvalidate.G_DEVICE ->
                caches.invalidateContexts(context -> ContextCacheInvalidate.reachesDevice(word0, context.sid));
            default -> caches.invalidateContexts(context -> true);
        }
    }

    private void invalidatePasids(long word0) {
        long did = PasidCacheInvalidate.DID.get(word0);
        long pasid = PasidCacheInvalidate.PASID.get(word0);
        switch ((int) PasidCacheInvalidate.G.get(word0)) {
            case PasidCacheInvalidate.G_DOMAIN -> caches.invalidatePasids(entry -> entry.did == did);
            case PasidCacheInvalidate.G_PASID ->
                caches.invalidatePasids(entry -> entry.did == did && entry.pasid == pasid);
            default -> caches.invalidatePasids(entry -> true);
        }
    }

    private void invalidateIotlb(long word0, long word1) {
        int did = (int) IotlbInvalidate.DID.get(word0);
        switch ((int) IotlbInvalidate.G.get(word0)) {
            case IotlbInvalidate.G_DOMAIN -> caches.invalidateDomain(did);
            case IotlbInvalidate.G_PAGE -> {
                int order = (int) IotlbInvalidate.AM.get(word1);
                long first = AddressBlock.base(IotlbInvalidate.ADDR.getAddress(word1), order);
                caches.invalidateDomainPages(did, first, last(first, order), IotlbInvalidate.IH.isSet(word1));
            }
            default -> caches.invalidateAllTranslations();
        }
    }

    private void invalidatePasidIotlb(long word0, long word1) {
        int did = (int) PasidIotlbInvalidate.DID.get(word0);
        int pasid = (int) PasidIotlbInvalidate.PASID.get(word0);
        if (PasidIotlbInvalidate.G.get(word0) == PasidIotlbInvalidate.G_PASID) {
            caches.invalidatePasidTranslations(did, pasid);
            return;
        }
        int order = (int) PasidIotlbInvalidate.AM.get(word1);
        boolean leavesOnly = PasidIotlbInvalidate.IH.isSet(word1);
        if (order >= AddressBlock.ORDER_ALL) {
            caches.invalidatePasidPages(did, pasid, Long.MIN_VALUE, Long.MAX_VALUE, leavesOnly);
        } else {
            long first = AddressBlock.base(PasidIotlbInvalidate.ADDR.getAddress(word1), order);
            caches.invalidatePasidPages(did, pasid, first, last(first, order), leavesOnly);
        }
    }

    private static long last(long first, int order) {
        return first + AddressBlock.bytes(order) - 1;
    }

    private void respond(long word0, long word1) {
        ResponseCode code = responseCode(word0);
        if (code != null) {
            int pasid = PageGroupResponse.PP.isSet(word0) ? (int) PageGroupResponse.PASID.get(word0) : Pasid.NONE;
            int requester = (int) PageGroupResponse.RID.get(word0);
            devices.pageGroupResponse(requester, pasid, (int) PageGroupResponse.PRGI.get(word1), code);
        }
    }

    private static @Nullable ResponseCode responseCode(long word0) {
        return switch ((int) PageGroupResponse.RC.get(word0)) {
            case PageGroupResponse.RC_SUCCESS -> ResponseCode.SUCCESS;
            case PageGroupResponse.RC_INVALID_REQUEST -> ResponseCode.INVALID;
            case PageGroupResponse.RC_RESPONSE_FAILURE -> ResponseCode.FAILURE;
            default -> null;
        };
    }
}
