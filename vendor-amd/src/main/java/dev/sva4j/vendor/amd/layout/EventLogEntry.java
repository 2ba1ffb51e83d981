package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SplitField;
import java.util.List;
import java.util.Map;

/**
 * The fields of event log entries, which are two words long (AMD-Vi 2.5). {@link EventCode} says which event has which.
 *
 * <p>What a flag means depends on others: NX and US need GN; PE needs PR; RZ needs PR and not PE. Flags for events of
 * virtual IOMMUs, in bits 31:27 of some, are always 0 here and count as reserved. QEMU writes other flags than these
 * (its I, RW and PR).
 */
public final class EventLogEntry {

    private static final String EVENT = "event";

    /** Size of an event in words. */
    public static final int WORDS = 2;

    /** Type of a hardware error: master abort. */
    public static final int TYPE_MASTER_ABORT = 1;

    /** Type of a hardware error: target abort. VirtualBox uses it for reads that failed for a request. */
    public static final int TYPE_TARGET_ABORT = 2;

    /** Type of a hardware error: data error. VirtualBox uses it for commands. */
    public static final int TYPE_DATA_ERROR = 3;

    public static final BitField EVENT_CODE = BitField.of(EVENT, "EventCode", 0, 63, 60, "which event");
    public static final BitField DEVICE_ID = BitField.of(EVENT, "DeviceID", 0, 15, 0, "device");

    /** Not in the same bits as in page requests: {@link PprLogEntry#PASID}. */
    public static final SplitField PASID = new SplitField(
            EVENT,
            "PASID",
            false,
            "PASID, if GN",
            Map.of(),
            List.of(new SplitField.Piece(0, 47, 32, 0), new SplitField.Piece(0, 19, 16, 16)));

    /** In place of the PASID, if GN is 0. */
    public static final BitField DOMAIN_ID = BitField.of(EVENT, "DomainID", 0, 47, 32, "domain");

    public static final BitField GN = BitField.bit(EVENT, "GN", 0, 48, "guest virtual address of a PASID");
    public static final BitField NX = BitField.bit(EVENT, "NX", 0, 49, "execute access wanted");
    public static final BitField US = BitField.bit(EVENT, "US", 0, 50, "user request");
    public static final BitField I = BitField.bit(EVENT, "I", 0, 51, "interrupt");
    public static final BitField PR = BitField.bit(EVENT, "PR", 0, 52, "the entry was present");
    public static final BitField RW = BitField.bit(EVENT, "RW", 0, 53, "write");
    public static final BitField PE = BitField.bit(EVENT, "PE", 0, 54, "a permission was missing");
    public static final BitField RZ = BitField.bit(EVENT, "RZ", 0, 55, "a reserved bit was set");
    public static final BitField TR = BitField.bit(EVENT, "TR", 0, 56, "translation request");

    /** The flags as one number, which is what Linux prints. */
    public static final BitField FLAGS = BitField.of(EVENT, "flags", 0, 59, 48, "flags");

    /** EventCode and the flags, which together say what happened, as one number. */
    public static final BitField CODE_AND_FLAGS = BitField.of(EVENT, "EventCode and flags", 0, 63, 48, "what happened");

    public static final BitField HARDWARE_ERROR_TYPE = BitField.of(EVENT, "Type", 0, 58, 57, "what went wrong")
            .withValue(TYPE_MASTER_ABORT, "master abort")
            .withValue(TYPE_TARGET_ABORT, "target abort")
            .withValue(TYPE_DATA_ERROR, "data error");

    /** The meaning depends on TR. The list comes from one source, illumos, written for an early revision. */
    public static final BitField REQUEST_TYPE = BitField.of(EVENT, "Type", 0, 59, 57, "why the request is invalid");

    /** Address of a request, with the offset in its page. */
    public static final BitField ADDRESS = BitField.address(EVENT, "Address", 1, 63, 0, "address of the request");

    /** Address of a request in ILLEGAL_DEV_TABLE_ENTRY. */
    public static final BitField ADDRESS_4 = BitField.address(EVENT, "Address", 1, 63, 2, "address of the request");

    /** Address of a page table entry. */
    public static final BitField ADDRESS_8 = BitField.address(EVENT, "Address", 1, 63, 3, "physical address");

    /** Address of a device table entry, or of a command. */
    public static final BitField ADDRESS_16 = BitField.address(EVENT, "Address", 1, 63, 4, "physical address");

    /** Why a request is invalid with TR = 1: ATS although the DTE has I = 0, V = 0, or V = 1 and TV = 0. */
    public static final int TRANSLATION_REQUEST_NOT_ALLOWED = 0;

    /** Why a request is invalid with TR = 1: it is about interrupts, port I/O or system management. */
    public static final int TRANSLATION_REQUEST_SPECIAL_ADDRESS = 1;

    /** Why a request is invalid with TR = 0: a read or non-posted write of the interrupt range. */
    public static final int REQUEST_INTERRUPT_READ = 0;

    /** Why a request is invalid with TR = 0: translated, although the DTE has I = 0 or V = 0. */
    public static final int REQUEST_PRE_TRANSLATED = 1;

    /** Why a request is invalid with TR = 0: port I/O, and IoCtl is 0. */
    public static final int REQUEST_PORT_IO = 2;

    /**
     * Why a request is invalid with TR = 0: a posted write of the system management range, and SysMgt does not allow
     * it.
     */
    public static final int REQUEST_SYSTEM_MANAGEMENT_WRITE = 3;

    /** Why a request is invalid with TR = 0: a read or non-posted write of the system management range. */
    public static final int REQUEST_SYSTEM_MANAGEMENT_READ = 4;

    /** Why a request is invalid with TR = 0: an interrupt, and IntCtl is 0. */
    public static final int REQUEST_INTERRUPT_WRITE = 5;

    /** Why a request is invalid with TR = 0: a posted write of a reserved interrupt address. */
    public static final int REQUEST_RESERVED_INTERRUPT = 6;

    /** Why a request is invalid with TR = 0: SysMgt or IoCtl ask for translation, and TV is 0. */
    public static final int REQUEST_NO_TRANSLATION = 7;

    /** PASID in INVALID_PPR_REQUEST, which looks like an entry of the PPR log (Linux decodes it as one). */
    public static final SplitField PPR_PASID = new SplitField(
            EVENT,
            "PASID",
            false,
            "PASID",
            Map.of(),
            List.of(new SplitField.Piece(0, 31, 16, 0), new SplitField.Piece(0, 45, 42, 16)));

    /**
     * Page request group and last flag in INVALID_PPR_REQUEST: {@link PprLogEntry#PRG_INDEX}, {@link
     * PprLogEntry#LAST}.
     */
    public static final BitField PPR_TAG =
            BitField.of(EVENT, "PPRTag", 0, 41, 32, "page request group, and bit 9: the last");

    // By one source each: EVENT_COUNTER_ZERO by FreeBSD, the RMP events by Linux.
    static final SplitField COUNTER_NOTE = new SplitField(
            EVENT,
            "CounterNote",
            false,
            "note of the counter",
            Map.of(),
            List.of(new SplitField.Piece(1, 63, 32, 0), new SplitField.Piece(1, 19, 0, 32)));
    static final BitField RMP_FLAGS = BitField.of(EVENT, "flagsRMP", 0, 27, 16, "flags of the reverse map table");
    static final BitField VMG_TAG = BitField.of(EVENT, "VmgTag", 0, 47, 32, "tag of the guest");

    /** Of events about virtual IOMMUs only the code is known. */
    static final BitField OPERAND_0 = BitField.of(EVENT, "operand0", 0, 59, 0, "not published");

    static final BitField OPERAND_1 = BitField.of(EVENT, "operand1", 1, 63, 0, "not published");

    private static final List<BitField> FLAG_BITS = List.of(GN, NX, US, I, PR, RW, PE, RZ, TR);

    private EventLogEntry() {}

    /** The names of the flags that are set, each after a space. */
    public static String flagNames(long word0) {
        StringBuilder names = new StringBuilder();
        for (BitField flag : FLAG_BITS) {
            if (flag.isSet(word0)) {
                names.append(' ').append(flag.name());
            }
        }
        return names.toString();
    }
}
