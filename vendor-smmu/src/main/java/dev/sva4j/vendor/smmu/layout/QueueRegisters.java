package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * Bases and indexes of the Command, Event and PRI queues (IHI 0070 §6).
 *
 * <p>The bases of all queues are in page 0; the indexes of the Event and PRI queues are in page 1, so that they can be
 * handed to less trusted software. A base is writable only while its queue is disabled. Which side owns an index, and so
 * may write it while the queue runs, is the hardware's rule and not an access kind. {@link QueuePointer} does the
 * arithmetic.
 */
public final class QueueRegisters {

    private static final long PAGE1 = 0x10000;

    public static final RegisterLayout CMDQ_BASE = RegisterLayout.builder(
                    "CMDQ_BASE", 0x90, 64, READ_WRITE, "IHI 0070 §6")
            .field("LOG2SIZE", 4, 0, "log2 of the number of entries, capped at IDR1.CMDQS")
            .address("ADDR", 55, 5, "the queue; hardware aligns it to max(32, size)")
            .bit("RA", 62, "read-allocate hint")
            .build();

    public static final BitField CMDQ_BASE_LOG2SIZE = CMDQ_BASE.field("LOG2SIZE");
    public static final BitField CMDQ_BASE_ADDR = CMDQ_BASE.field("ADDR");
    public static final BitField CMDQ_BASE_RA = CMDQ_BASE.field("RA");

    public static final RegisterLayout CMDQ_PROD = RegisterLayout.builder(
                    "CMDQ_PROD", 0x98, 32, READ_WRITE, "IHI 0070 §6")
            .field("WR", 19, 0, "write index and wrap bit")
            .build();

    public static final BitField CMDQ_PROD_WR = CMDQ_PROD.field("WR");

    public static final RegisterLayout CMDQ_CONS = RegisterLayout.builder(
                    "CMDQ_CONS", 0x9C, 32, READ_WRITE, "IHI 0070 §6")
            .field("RD", 19, 0, "read index and wrap bit")
            .field("ERR", 30, 24, "why consumption stopped")
            .values("CERROR_NONE", "CERROR_ILL", "CERROR_ABT", "CERROR_ATC_INV_SYNC")
            .build();

    public static final BitField CMDQ_CONS_RD = CMDQ_CONS.field("RD");
    public static final BitField CMDQ_CONS_ERR = CMDQ_CONS.field("ERR");

    public static final RegisterLayout EVENTQ_BASE = RegisterLayout.builder(
                    "EVENTQ_BASE", 0xA0, 64, READ_WRITE, "IHI 0070 §6")
            .field("LOG2SIZE", 4, 0, "log2 of the number of entries, capped at IDR1.EVENTQS")
            .address("ADDR", 55, 5, "the queue; hardware aligns it to max(32, size)")
            .bit("WA", 62, "write-allocate hint")
            .build();

    public static final BitField EVENTQ_BASE_LOG2SIZE = EVENTQ_BASE.field("LOG2SIZE");
    public static final BitField EVENTQ_BASE_ADDR = EVENTQ_BASE.field("ADDR");
    public static final BitField EVENTQ_BASE_WA = EVENTQ_BASE.field("WA");

    public static final RegisterLayout EVENTQ_PROD = RegisterLayout.builder(
                    "EVENTQ_PROD", PAGE1 + 0xA8, 32, READ_WRITE, "IHI 0070 §6")
            .field("WR", 19, 0, "write index and wrap bit")
            .bit("OVFLG", 31, "overflow, active while it differs from OVACKFLG")
            .build();

    public static final BitField EVENTQ_PROD_WR = EVENTQ_PROD.field("WR");
    public static final BitField EVENTQ_PROD_OVFLG = EVENTQ_PROD.field("OVFLG");

    public static final RegisterLayout EVENTQ_CONS = RegisterLayout.builder(
                    "EVENTQ_CONS", PAGE1 + 0xAC, 32, READ_WRITE, "IHI 0070 §6")
            .field("RD", 19, 0, "read index and wrap bit")
            .bit("OVACKFLG", 31, "overflow acknowledged by making it equal to OVFLG")
            .build();

    public static final BitField EVENTQ_CONS_RD = EVENTQ_CONS.field("RD");
    public static final BitField EVENTQ_CONS_OVACKFLG = EVENTQ_CONS.field("OVACKFLG");

    public static final RegisterLayout PRIQ_BASE = RegisterLayout.builder(
                    "PRIQ_BASE", 0xC0, 64, READ_WRITE, "IHI 0070 §6")
            .field("LOG2SIZE", 4, 0, "log2 of the number of entries, capped at IDR1.PRIQS")
            .address("ADDR", 55, 5, "the queue; hardware aligns it to max(32, size)")
            .bit("WA", 62, "write-allocate hint")
            .build();

    public static final BitField PRIQ_BASE_LOG2SIZE = PRIQ_BASE.field("LOG2SIZE");
    public static final BitField PRIQ_BASE_ADDR = PRIQ_BASE.field("ADDR");
    public static final BitField PRIQ_BASE_WA = PRIQ_BASE.field("WA");

    public static final RegisterLayout PRIQ_PROD = EVENTQ_PROD.mirror("PRIQ_PROD", PAGE1 + 0xC8, READ_WRITE);

    public static final BitField PRIQ_PROD_WR = PRIQ_PROD.field("WR");
    public static final BitField PRIQ_PROD_OVFLG = PRIQ_PROD.field("OVFLG");

    public static final RegisterLayout PRIQ_CONS = EVENTQ_CONS.mirror("PRIQ_CONS", PAGE1 + 0xCC, READ_WRITE);

    public static final BitField PRIQ_CONS_RD = PRIQ_CONS.field("RD");
    public static final BitField PRIQ_CONS_OVACKFLG = PRIQ_CONS.field("OVACKFLG");

    private QueueRegisters() {}
}
