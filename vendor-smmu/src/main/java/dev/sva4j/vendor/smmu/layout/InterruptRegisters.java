package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * Interrupt enables, global errors and the messages of the three interrupt sources (IHI 0070 §6).
 *
 * <p>The configuration registers of a source are writable only while its enable is 0; address 0 means no message.
 */
public final class InterruptRegisters {

    public static final RegisterLayout IRQ_CTRL = RegisterLayout.builder(
                    "IRQ_CTRL", 0x50, 32, READ_WRITE, "IHI 0070 §6")
            .bit("GERROR_IRQEN", 0, "global errors")
            .bit("PRIQ_IRQEN", 1, "PRI queue")
            .bit("EVENTQ_IRQEN", 2, "Event queue")
            .build();

    public static final BitField IRQ_CTRL_GERROR_IRQEN = IRQ_CTRL.field("GERROR_IRQEN");
    public static final BitField IRQ_CTRL_PRIQ_IRQEN = IRQ_CTRL.field("PRIQ_IRQEN");
    public static final BitField IRQ_CTRL_EVENTQ_IRQEN = IRQ_CTRL.field("EVENTQ_IRQEN");

    public static final RegisterLayout IRQ_CTRLACK = IRQ_CTRL.mirror("IRQ_CTRLACK", 0x54, READ_ONLY);

    /** An error is active while its bit differs from GERRORN; hardware toggles only inactive ones. */
    public static final RegisterLayout GERROR = RegisterLayout.builder("GERROR", 0x60, 32, READ_ONLY, "IHI 0070 §6")
            .bit("CMDQ_ERR", 0, "Command queue stopped, see CMDQ_CONS.ERR")
            .bit("EVENTQ_ABT_ERR", 2, "Event queue write aborted")
            .bit("PRIQ_ABT_ERR", 3, "PRI queue write aborted")
            .bit("MSI_CMDQ_ABT_ERR", 4, "CMD_SYNC message aborted")
            .bit("MSI_EVENTQ_ABT_ERR", 5, "Event queue message aborted")
            .bit("MSI_PRIQ_ABT_ERR", 6, "PRI queue message aborted")
            .bit("MSI_GERROR_ABT_ERR", 7, "global error message aborted")
            .bit("SFM_ERR", 8, "service failure mode entered")
            .bit("CMDQP_ERR", 9, "enhanced Command queue control page")
            .bit("DPT_ERR", 10, "device permission table")
            .build();

    public static final BitField GERROR_CMDQ_ERR = GERROR.field("CMDQ_ERR");
    public static final BitField GERROR_EVENTQ_ABT_ERR = GERROR.field("EVENTQ_ABT_ERR");
    public static final BitField GERROR_PRIQ_ABT_ERR = GERROR.field("PRIQ_ABT_ERR");
    public static final BitField GERROR_MSI_CMDQ_ABT_ERR = GERROR.field("MSI_CMDQ_ABT_ERR");
    public static final BitField GERROR_MSI_EVENTQ_ABT_ERR = GERROR.field("MSI_EVENTQ_ABT_ERR");
    public static final BitField GERROR_MSI_PRIQ_ABT_ERR = GERROR.field("MSI_PRIQ_ABT_ERR");
    public static final BitField GERROR_MSI_GERROR_ABT_ERR = GERROR.field("MSI_GERROR_ABT_ERR");
    public static final BitField GERROR_SFM_ERR = GERROR.field("SFM_ERR");
    public static final BitField GERROR_CMDQP_ERR = GERROR.field("CMDQP_ERR");
    public static final BitField GERROR_DPT_ERR = GERROR.field("DPT_ERR");

    /** Software acknowledges an error by making its bit equal to GERROR. */
    public static final RegisterLayout GERRORN = GERROR.mirror("GERRORN", 0x64, READ_WRITE);

    public static final RegisterLayout GERROR_IRQ_CFG0 = RegisterLayout.builder(
                    "GERROR_IRQ_CFG0", 0x68, 64, READ_WRITE, "IHI 0070 §6")
            .address("ADDR", 55, 2, "message address")
            .build();

    public static final RegisterLayout GERROR_IRQ_CFG1 = RegisterLayout.builder(
                    "GERROR_IRQ_CFG1", 0x70, 32, READ_WRITE, "IHI 0070 §6")
            .field("DATA", 31, 0, "message data")
            .build();

    public static final RegisterLayout GERROR_IRQ_CFG2 = RegisterLayout.builder(
                    "GERROR_IRQ_CFG2", 0x74, 32, READ_WRITE, "IHI 0070 §6")
            .field("MemAttr", 3, 0, "memory type of the message")
            .field("SH", 5, 4, "shareability of the message")
            .values("NSH", "", "OSH", "ISH")
            .build();

    public static final RegisterLayout EVENTQ_IRQ_CFG0 = GERROR_IRQ_CFG0.mirror("EVENTQ_IRQ_CFG0", 0xB0, READ_WRITE);
    public static final RegisterLayout EVENTQ_IRQ_CFG1 = GERROR_IRQ_CFG1.mirror("EVENTQ_IRQ_CFG1", 0xB8, READ_WRITE);
    public static final RegisterLayout EVENTQ_IRQ_CFG2 = GERROR_IRQ_CFG2.mirror("EVENTQ_IRQ_CFG2", 0xBC, READ_WRITE);

    public static final RegisterLayout PRIQ_IRQ_CFG0 = GERROR_IRQ_CFG0.mirror("PRIQ_IRQ_CFG0", 0xD0, READ_WRITE);
    public static final RegisterLayout PRIQ_IRQ_CFG1 = GERROR_IRQ_CFG1.mirror("PRIQ_IRQ_CFG1", 0xD8, READ_WRITE);

    /** The position of LO is unverified; bit 31 is the sheet's and the only reading on offer. */
    public static final RegisterLayout PRIQ_IRQ_CFG2 = RegisterLayout.builder(
                    "PRIQ_IRQ_CFG2", 0xDC, 32, READ_WRITE, "IHI 0070 §6")
            .field("MemAttr", 3, 0, "memory type of the message")
            .field("SH", 5, 4, "shareability of the message")
            .values("NSH", "", "OSH", "ISH")
            .bit("LO", 31, "interrupt on the last request of a group only")
            .build();

    public static final BitField PRIQ_IRQ_CFG2_MEM_ATTR = PRIQ_IRQ_CFG2.field("MemAttr");
    public static final BitField PRIQ_IRQ_CFG2_SH = PRIQ_IRQ_CFG2.field("SH");
    public static final BitField PRIQ_IRQ_CFG2_LO = PRIQ_IRQ_CFG2.field("LO");

    /** ADDR of the three IRQ_CFG0 registers, which share one shape, as CFG1 and the low fields of CFG2 do. */
    public static final BitField IRQ_CFG0_ADDR = GERROR_IRQ_CFG0.field("ADDR");

    public static final BitField IRQ_CFG1_DATA = GERROR_IRQ_CFG1.field("DATA");
    public static final BitField IRQ_CFG2_MEM_ATTR = GERROR_IRQ_CFG2.field("MemAttr");
    public static final BitField IRQ_CFG2_SH = GERROR_IRQ_CFG2.field("SH");

    private InterruptRegisters() {}
}
