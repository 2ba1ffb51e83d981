package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * The event log (AMD-Vi 3.3, 3.3.13): hardware writes at the tail, software reads from the head. {@link Ring} has the
 * arithmetic. EVTLOG_BASE and EVTLOG_TAIL are only written while Status.EventLogRun is 0. Log B is for
 * Control.DualEventLogEn.
 */
public final class EventLogRegisters {

    public static final RegisterLayout EVTLOG_BASE = RegisterLayout.builder(
                    "EVTLOG_BASE", 0x0010, 64, READ_WRITE, "AMD-Vi 3.3")
            .address("EventBase", 51, 12, "the log")
            .field("EventLen", 59, 56, "2^EventLen events; less than 8 is reserved")
            .build();

    public static final RegisterLayout EVTLOG_HEAD = RegisterLayout.builder(
                    "EVTLOG_HEAD", 0x2010, 64, READ_WRITE, "AMD-Vi 3.3.13")
            .address("EventHeadPtr", 18, 4, "offset of the next event that software reads")
            .build();

    public static final RegisterLayout EVTLOG_TAIL = RegisterLayout.builder(
                    "EVTLOG_TAIL", 0x2018, 64, READ_WRITE, "AMD-Vi 3.3.13")
            .address("EventTailPtr", 18, 4, "offset of the next event that hardware writes")
            .build();

    public static final BitField EVENT_BASE = EVTLOG_BASE.field("EventBase");
    public static final BitField EVENT_LEN = EVTLOG_BASE.field("EventLen");
    public static final BitField EVENT_HEAD_PTR = EVTLOG_HEAD.field("EventHeadPtr");
    public static final BitField EVENT_TAIL_PTR = EVTLOG_TAIL.field("EventTailPtr");

    /** At 0xF8 as in Linux and VirtualBox; FreeBSD's header says 0xF0, which is the base of PPR log B. */
    public static final RegisterLayout EVTLOG_B_BASE = EVTLOG_BASE.mirror("EVTLOG_B_BASE", 0x00F8, READ_WRITE);

    public static final RegisterLayout EVTLOG_B_HEAD = EVTLOG_HEAD.mirror("EVTLOG_B_HEAD", 0x2070, READ_WRITE);
    public static final RegisterLayout EVTLOG_B_TAIL = EVTLOG_TAIL.mirror("EVTLOG_B_TAIL", 0x2078, READ_WRITE);

    private EventLogRegisters() {}
}
