package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.StructLayout;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of the invalidation queue and the fields of each (VT-d 6.5.2), under the manual's short names.
 *
 * <p>Layouts have the 256 bits of IQA.DW = 1. With DW = 0, in legacy mode only, a descriptor is words 0 and 1 of the first
 * five; words 2 and 3 are reserved in all. hpt_inv (type 0xA) is absent, as host permission tables are not modelled: to
 * hardware it is an unknown type.
 */
public enum InvalidationDescriptor {
    CC_INV(ContextCacheInvalidate.LAYOUT, ContextCacheInvalidate.TYPE, false),
    IOTLB_INV(IotlbInvalidate.LAYOUT, IotlbInvalidate.TYPE, false),
    DEV_TLB_INV(DeviceTlbInvalidate.LAYOUT, DeviceTlbInvalidate.TYPE, false),
    IEC_INV(InterruptEntryCacheInvalidate.LAYOUT, InterruptEntryCacheInvalidate.TYPE, false),
    INV_WAIT(InvalidationWait.LAYOUT, InvalidationWait.TYPE, false),
    P_IOTLB_INV(PasidIotlbInvalidate.LAYOUT, PasidIotlbInvalidate.TYPE, true),
    PC_INV(PasidCacheInvalidate.LAYOUT, PasidCacheInvalidate.TYPE, true),
    P_DEV_TLB_INV(PasidDeviceTlbInvalidate.LAYOUT, PasidDeviceTlbInvalidate.TYPE, true),
    PAGE_GRP_RESP(PageGroupResponse.LAYOUT, PageGroupResponse.TYPE, true);

    /** Size of a 256-bit descriptor in words. */
    public static final int WORDS = 4;

    private static final Map<Integer, InvalidationDescriptor> BY_TYPE = Stream.of(values())
            .collect(Collectors.toUnmodifiableMap(InvalidationDescriptor::type, Function.identity()));

    // A StructLayout is immutable, but only an annotation that the api does not depend on could tell the checker.
    @SuppressWarnings("ImmutableEnumChecker")
    private final StructLayout layout;

    private final int type;
    private final boolean scalableOnly;

    InvalidationDescriptor(StructLayout layout, int type, boolean scalableOnly) {
        this.layout = layout;
        this.type = type;
        this.scalableOnly = scalableOnly;
    }

    /** The descriptor that this first word starts, or null for an unknown type. */
    public static @Nullable InvalidationDescriptor of(long word0) {
        return BY_TYPE.get((int) DescriptorType.FIELD.from(0, word0));
    }

    /** The 7-bit type. */
    public int type() {
        return type;
    }

    /** Whether legacy mode does not know the type. */
    public boolean isScalableOnly() {
        return scalableOnly;
    }

    /** The fields of the descriptor. */
    public StructLayout layout() {
        return layout;
    }
}
