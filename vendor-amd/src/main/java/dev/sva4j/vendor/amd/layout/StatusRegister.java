package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.WRITE_ONE_TO_CLEAR;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * The Status register (AMD-Vi 3.3). Flags are cleared by writing 1; a write of 0 changes nothing. Bits of the guest
 * virtual APIC log are by Linux, FreeBSD and VirtualBox; Xen has them rotated.
 */
public final class StatusRegister {

    public static final RegisterLayout STATUS = RegisterLayout.builder("STATUS", 0x2020, 64, READ_ONLY, "AMD-Vi 3.3")
            .bit("EventOverflow", 0, "an event found the log full")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("EventLogInt", 1, "there are events")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("ComWaitInt", 2, "a COMPLETION_WAIT with I completed")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("EventLogRun", 3, "events are logged")
            .bit("CmdBufRun", 4, "commands are executed")
            .bit("PprOverflow", 5, "a page request found the log full")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("PprInt", 6, "there are page requests")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("PprLogRun", 7, "page requests are logged")
            .bit("GALogRun", 8, "the guest virtual APIC log runs")
            .bit("GALOverflow", 9, "that log is full")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("GAInt", 10, "there are entries in that log")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("PprOverflowB", 11, "PPR log B is full")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("PprLogActive", 12, "PPR log B is in use")
            .bit("EvtOverflowB", 15, "event log B is full")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("EvtLogActive", 16, "event log B is in use")
            .bit("PprOverflowEarlyB", 17, "PPR log B is nearly full")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("PprOverflowEarly", 18, "the PPR log is nearly full")
            .access(WRITE_ONE_TO_CLEAR)
            .build();

    public static final BitField EVENT_OVERFLOW = STATUS.field("EventOverflow");
    public static final BitField EVENT_LOG_INT = STATUS.field("EventLogInt");
    public static final BitField COM_WAIT_INT = STATUS.field("ComWaitInt");
    public static final BitField EVENT_LOG_RUN = STATUS.field("EventLogRun");
    public static final BitField CMD_BUF_RUN = STATUS.field("CmdBufRun");
    public static final BitField PPR_OVERFLOW = STATUS.field("PprOverflow");
    public static final BitField PPR_INT = STATUS.field("PprInt");
    public static final BitField PPR_LOG_RUN = STATUS.field("PprLogRun");
    public static final BitField GA_LOG_RUN = STATUS.field("GALogRun");
    public static final BitField GAL_OVERFLOW = STATUS.field("GALOverflow");
    public static final BitField GA_INT = STATUS.field("GAInt");
    public static final BitField PPR_OVERFLOW_B = STATUS.field("PprOverflowB");
    public static final BitField PPR_LOG_ACTIVE = STATUS.field("PprLogActive");
    public static final BitField EVT_OVERFLOW_B = STATUS.field("EvtOverflowB");
    public static final BitField EVT_LOG_ACTIVE = STATUS.field("EvtLogActive");
    public static final BitField PPR_OVERFLOW_EARLY_B = STATUS.field("PprOverflowEarlyB");
    public static final BitField PPR_OVERFLOW_EARLY = STATUS.field("PprOverflowEarly");

    private StatusRegister() {}

    /** All flags that are cleared by writing 1. */
    public static long flags() {
        return ~STATUS.afterWrite(-1L, -1L) & ~STATUS.reservedMask();
    }

    /** Those of the given flags that are set. */
    public static long common(long status, long flags) {
        return status & flags;
    }
}
