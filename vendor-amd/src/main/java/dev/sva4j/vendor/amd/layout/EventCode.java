package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.vendor.amd.layout.EventLogEntry.ADDRESS;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.ADDRESS_16;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.ADDRESS_4;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.ADDRESS_8;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.COUNTER_NOTE;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.DEVICE_ID;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.DOMAIN_ID;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.EVENT_CODE;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.FLAGS;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.GN;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.HARDWARE_ERROR_TYPE;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.I;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.NX;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.OPERAND_0;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.OPERAND_1;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.PASID;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.PE;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.PPR_PASID;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.PPR_TAG;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.PR;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.REQUEST_TYPE;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.RMP_FLAGS;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.RW;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.RZ;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.TR;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.US;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.VMG_TAG;

import dev.sva4j.spi.layout.LayoutField;
import dev.sva4j.spi.layout.StructLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events of the event log and the fields of each (AMD-Vi 2.5).
 *
 * <p>A code of 0 is no event: software clears what it has read, since the tail may move before an entry is written.
 */
public enum EventCode {
    ILLEGAL_DEV_TABLE_ENTRY(0x1, DEVICE_ID, PASID, GN, I, RW, RZ, TR, ADDRESS_4),
    /** With GN = 0 there is a DomainID in place of the PASID. Not logged for translation requests. */
    IO_PAGE_FAULT(0x2, DEVICE_ID, PASID, GN, NX, US, I, PR, RW, PE, RZ, TR, ADDRESS),
    /** The address is that of the DTE. */
    DEV_TAB_HARDWARE_ERROR(0x3, DEVICE_ID, I, RW, TR, HARDWARE_ERROR_TYPE, ADDRESS_16),
    /** The address is that of the entry. With GN = 0 there is a DomainID in place of the PASID. */
    PAGE_TAB_HARDWARE_ERROR(0x4, DEVICE_ID, PASID, GN, I, RW, TR, HARDWARE_ERROR_TYPE, ADDRESS_8),
    /** The address is that of the command. */
    ILLEGAL_COMMAND_ERROR(0x5, ADDRESS_16),
    /** The address is that of the command. */
    COMMAND_HARDWARE_ERROR(0x6, HARDWARE_ERROR_TYPE, ADDRESS_16),
    /** The address is that of the command. */
    IOTLB_INV_TIMEOUT(0x7, DEVICE_ID, ADDRESS_16),
    INVALID_DEVICE_REQUEST(0x8, DEVICE_ID, PASID, GN, US, TR, REQUEST_TYPE, ADDRESS),
    INVALID_PPR_REQUEST(0x9, DEVICE_ID, PPR_PASID, PPR_TAG, FLAGS, ADDRESS),
    /** Some tables say 0x10, for which the field has no room (FreeBSD calls it a typing error). */
    EVENT_COUNTER_ZERO(0xA, COUNTER_NOTE),
    GUEST_EVENT_FAULT(0xB, OPERAND_0, OPERAND_1),
    VIOMMU_HARDWARE_ERROR(0xC, OPERAND_0, OPERAND_1),
    RMP_PAGE_FAULT(0xD, DEVICE_ID, RMP_FLAGS, VMG_TAG, FLAGS, ADDRESS),
    RMP_HARDWARE_ERROR(0xE, DEVICE_ID, VMG_TAG, FLAGS, ADDRESS_8);

    private static final Map<Integer, EventCode> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventCode::code, Function.identity()));

    private final int code;

    // A StructLayout is immutable, but only an annotation that the api does not depend on could tell the checker.
    @SuppressWarnings("ImmutableEnumChecker")
    private final StructLayout layout;

    @SuppressWarnings("ImmutableEnumChecker")
    private final StructLayout domainLayout;

    EventCode(int code, LayoutField... fields) {
        this.code = code;
        this.layout = layout(name(), fields);
        this.domainLayout = hasDomain(code) ? layout(name(), inDomain(fields)) : layout;
    }

    /** The event in a first word, or null for an unknown code or none. */
    public static @Nullable EventCode of(long word0) {
        return BY_CODE.get((int) EVENT_CODE.get(word0));
    }

    /** The code. */
    public int code() {
        return code;
    }

    /** The fields of an event with this first word: GN chooses between PASID and DomainID. */
    public StructLayout layout(long word0) {
        return GN.isSet(word0) ? layout : domainLayout;
    }

    /** A first word with nothing but the code. */
    public long word0() {
        return EVENT_CODE.encode(code);
    }

    private static boolean hasDomain(int code) {
        return code == 0x2 || code == 0x4;
    }

    private static LayoutField[] inDomain(LayoutField... fields) {
        return Arrays.stream(fields)
                .map(field -> field == PASID ? DOMAIN_ID : field)
                .toArray(LayoutField[]::new);
    }

    private static StructLayout layout(String name, LayoutField... fields) {
        return StructLayout.builder(name, EventLogEntry.WORDS, "AMD-Vi 2.5")
                .include(fields)
                .include(EVENT_CODE)
                .inBitOrder()
                .build();
    }
}
