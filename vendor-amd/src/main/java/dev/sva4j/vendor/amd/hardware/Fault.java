package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.amd.layout.EventCode;
import dev.sva4j.vendor.amd.layout.EventLogEntry;

/**
 * A request that failed, in one negative {@code long}: the event that says so, as far as it does not follow from the
 * request. So a fault costs neither an object nor an exception. The model's own format, not the manual's.
 */
final class Fault {
    private static final String FAULT = "fault";

    private static final BitField ADDRESS = BitField.address(FAULT, "address", 0, 51, 0, "of the event, if own");
    private static final BitField REASON = BitField.of(FAULT, "reason", 0, 53, 52, "what PR, PE and RZ say");
    private static final BitField INTERRUPT = BitField.bit(FAULT, "interrupt", 0, 54, "I");
    private static final BitField OWN_ADDRESS =
            BitField.bit(FAULT, "own address", 0, 55, "the event is not about the address and PASID of the request");
    private static final BitField TYPE = BitField.of(FAULT, "type", 0, 58, 56, "Type of the event");
    private static final BitField CODE = BitField.of(FAULT, "code", 0, 62, 59, "event");
    private static final BitField IS_FAULT = BitField.bit(FAULT, "fault", 0, 63, "always 1: the word is negative");

    private static final int REASON_NOT_PRESENT = 0;
    private static final int REASON_LEVEL = 1;
    private static final int REASON_RESERVED = 2;
    private static final int REASON_PERMISSION = 3;

    /** A refusal that leaves no trace: no event has code 0. */
    static final long SILENT = IS_FAULT.mask();

    /** PR = 0. */
    static final long NOT_PRESENT = pageFault(REASON_NOT_PRESENT);

    /** PR = 1, RZ = 0, PE = 0: a level or a size that means nothing. */
    static final long LEVEL = pageFault(REASON_LEVEL);

    /** PR = 1, RZ = 1. */
    static final long RESERVED = pageFault(REASON_RESERVED);

    /** PR = 1, PE = 1. */
    static final long PERMISSION = pageFault(REASON_PERMISSION);

    /** A device beyond the table: nothing is known of it, and VirtualBox tells not even the address. */
    static final long NO_DEVICE = NOT_PRESENT | OWN_ADDRESS.mask();

    /** A PASID at the addresses that mean interrupts. */
    static final long INTERRUPT_WITH_PASID = NOT_PRESENT | INTERRUPT.mask();

    static final long ILLEGAL_DEVICE =
            IS_FAULT.mask() | CODE.encode(EventCode.ILLEGAL_DEV_TABLE_ENTRY.code()) | REASON.encode(REASON_RESERVED);

    private Fault() {}

    private static long pageFault(int reason) {
        return IS_FAULT.mask() | CODE.encode(EventCode.IO_PAGE_FAULT.code()) | REASON.encode(reason);
    }

    /** A device table entry that cannot be read. */
    static long deviceTable(long address) {
        return hardwareError(EventCode.DEV_TAB_HARDWARE_ERROR, address);
    }

    /** An entry of a GCR3 table or page table that cannot be read or updated. */
    static long pageTable(long address) {
        return hardwareError(EventCode.PAGE_TAB_HARDWARE_ERROR, address);
    }

    private static long hardwareError(EventCode code, long address) {
        return IS_FAULT.mask()
                | CODE.encode(code.code())
                | TYPE.encode(EventLogEntry.TYPE_TARGET_ABORT)
                | OWN_ADDRESS.mask()
                | ADDRESS.encodeAddress(address);
    }

    /** INVALID_DEVICE_REQUEST. */
    static long invalidRequest(int type) {
        return IS_FAULT.mask() | CODE.encode(EventCode.INVALID_DEVICE_REQUEST.code()) | TYPE.encode(type);
    }

    /**
     * A fault of the host table that a guest's pointer met. The event names the guest physical address, in the domain;
     * that it does is the likelier reading, as no source says (the other is the guest virtual one, with PASID).
     */
    static long atGuestPhysical(long fault, long address) {
        return isPageFault(fault) ? fault | OWN_ADDRESS.mask() | ADDRESS.getAddress(address) : fault;
    }

    /** Whether the result of a translation is a fault. */
    static boolean is(long result) {
        return result < 0;
    }

    /** Whether it is an IO_PAGE_FAULT: DTE.SE and SA silence no other, and translation requests log no such. */
    static boolean isPageFault(long fault) {
        return CODE.get(fault) == EventCode.IO_PAGE_FAULT.code();
    }

    /** Whether the device does what it may not, whatever the address. */
    static boolean isInvalidRequest(long fault) {
        return CODE.get(fault) == EventCode.INVALID_DEVICE_REQUEST.code();
    }

    static boolean hasOwnAddress(long fault) {
        return OWN_ADDRESS.isSet(fault);
    }

    static long address(long fault) {
        return ADDRESS.getAddress(fault);
    }

    /** The first word of the event without device, PASID or domain, and without what the request says. */
    static long word0(long fault) {
        long word = EventLogEntry.EVENT_CODE.encode(CODE.get(fault));
        word |= EventLogEntry.I.encode(INTERRUPT.isSet(fault));
        if (isInvalidRequest(fault)) {
            return word | EventLogEntry.REQUEST_TYPE.encode(TYPE.get(fault));
        }
        if (TYPE.isSet(fault)) {
            return word | EventLogEntry.HARDWARE_ERROR_TYPE.encode(TYPE.get(fault));
        }
        int reason = (int) REASON.get(fault);
        if (isPageFault(fault)) {
            word |= EventLogEntry.PR.encode(reason != REASON_NOT_PRESENT);
        }
        return word
                | EventLogEntry.PE.encode(reason == REASON_PERMISSION)
                | EventLogEntry.RZ.encode(reason == REASON_RESERVED);
    }
}
