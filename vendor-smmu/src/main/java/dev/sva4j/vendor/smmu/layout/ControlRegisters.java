package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/** Switches and the attributes of table and queue accesses: CR0 to CR2, STATUSR, GBPA, AGBPA (IHI 0070 §6). */
public final class ControlRegisters {

    /** GBPA.SHCFG: keep the shareability of the transaction. The encoding is the same as in the STE. */
    public static final int SHCFG_USE_INCOMING = 1;

    public static final RegisterLayout CR0 = RegisterLayout.builder("CR0", 0x20, 32, READ_WRITE, "IHI 0070 §6")
            .bit("SMMUEN", 0, "translate; 0 = bypass or abort by GBPA")
            .bit("PRIQEN", 1, "write the PRI queue; effective only with SMMUEN")
            .bit("EVENTQEN", 2, "write the Event queue")
            .bit("CMDQEN", 3, "consume the Command queue")
            .bit("ATSCHK", 4, "check ATS translated transactions against STE.EATS")
            .field("VMW", 8, 6, "low VMID bits that invalidation ignores, 0 to 4")
            .bit("DPT_WALK_EN", 10, "use the device permission table")
            .build();

    public static final BitField CR0_SMMUEN = CR0.field("SMMUEN");
    public static final BitField CR0_PRIQEN = CR0.field("PRIQEN");
    public static final BitField CR0_EVENTQEN = CR0.field("EVENTQEN");
    public static final BitField CR0_CMDQEN = CR0.field("CMDQEN");
    public static final BitField CR0_ATSCHK = CR0.field("ATSCHK");
    public static final BitField CR0_VMW = CR0.field("VMW");
    public static final BitField CR0_DPT_WALK_EN = CR0.field("DPT_WALK_EN");

    /** A field's update is complete when it reads here as it was written to CR0. */
    public static final RegisterLayout CR0ACK = CR0.mirror("CR0ACK", 0x24, READ_ONLY);

    public static final RegisterLayout CR1 = RegisterLayout.builder("CR1", 0x28, 32, READ_WRITE, "IHI 0070 §6")
            .field("QUEUE_IC", 1, 0, "inner cacheability of queues")
            .values("NC", "WB", "WT")
            .field("QUEUE_OC", 3, 2, "outer cacheability of queues")
            .values("NC", "WB", "WT")
            .field("QUEUE_SH", 5, 4, "shareability of queues")
            .values("NSH", "", "OSH", "ISH")
            .field("TABLE_IC", 7, 6, "inner cacheability of tables")
            .values("NC", "WB", "WT")
            .field("TABLE_OC", 9, 8, "outer cacheability of tables")
            .values("NC", "WB", "WT")
            .field("TABLE_SH", 11, 10, "shareability of tables")
            .values("NSH", "", "OSH", "ISH")
            .build();

    public static final BitField CR1_QUEUE_IC = CR1.field("QUEUE_IC");
    public static final BitField CR1_QUEUE_OC = CR1.field("QUEUE_OC");
    public static final BitField CR1_QUEUE_SH = CR1.field("QUEUE_SH");
    public static final BitField CR1_TABLE_IC = CR1.field("TABLE_IC");
    public static final BitField CR1_TABLE_OC = CR1.field("TABLE_OC");
    public static final BitField CR1_TABLE_SH = CR1.field("TABLE_SH");

    public static final RegisterLayout CR2 = RegisterLayout.builder("CR2", 0x2C, 32, READ_WRITE, "IHI 0070 §6")
            .bit("E2H", 0, "StreamWorld EL2 is EL2-E2H")
            .bit("RECINVSID", 1, "record C_BAD_STREAMID")
            .bit("PTM", 2, "ignore broadcast TLB maintenance")
            .bit("REC_CFG_ATS", 3, "record configuration errors of ATS traffic")
            .build();

    public static final BitField CR2_E2H = CR2.field("E2H");
    public static final BitField CR2_RECINVSID = CR2.field("RECINVSID");
    public static final BitField CR2_PTM = CR2.field("PTM");
    public static final BitField CR2_REC_CFG_ATS = CR2.field("REC_CFG_ATS");

    /** The sheet gives only the offset; DORMANT is the one architected bit. */
    public static final RegisterLayout STATUSR = RegisterLayout.builder("STATUSR", 0x40, 32, READ_ONLY, "IHI 0070 §6")
            .bit("DORMANT", 0, "no transaction in progress; a hint")
            .build();

    public static final BitField STATUSR_DORMANT = STATUSR.field("DORMANT");

    /** Used while SMMUEN = 0. Written whole, with Update = 1, and only when Update reads 0. */
    public static final RegisterLayout GBPA = RegisterLayout.builder("GBPA", 0x44, 32, READ_WRITE, "IHI 0070 §6")
            .field("MemAttr", 3, 0, "memory type")
            .bit("MTCFG", 4, "replace the memory type by MemAttr")
            .field("ALLOCCFG", 11, 8, "allocation hints")
            .field("SHCFG", 13, 12, "shareability")
            .values("NSH", "use incoming", "OSH", "ISH")
            .field("PRIVCFG", 17, 16, "privilege")
            .values("use incoming", "", "unprivileged", "privileged")
            .field("INSTCFG", 19, 18, "instruction or data")
            .values("use incoming", "", "data", "instruction")
            .bit("ABORT", 20, "abort everything")
            .bit("Update", 31, "write: take the other fields; read: update in progress")
            .build();

    public static final BitField GBPA_MEM_ATTR = GBPA.field("MemAttr");
    public static final BitField GBPA_MTCFG = GBPA.field("MTCFG");
    public static final BitField GBPA_ALLOCCFG = GBPA.field("ALLOCCFG");
    public static final BitField GBPA_SHCFG = GBPA.field("SHCFG");
    public static final BitField GBPA_PRIVCFG = GBPA.field("PRIVCFG");
    public static final BitField GBPA_INSTCFG = GBPA.field("INSTCFG");
    public static final BitField GBPA_ABORT = GBPA.field("ABORT");
    public static final BitField GBPA_UPDATE = GBPA.field("Update");

    public static final RegisterLayout AGBPA = RegisterLayout.builder("AGBPA", 0x48, 32, READ_WRITE, "IHI 0070 §6")
            .field("IMPLEMENTATION_DEFINED", 31, 0, "")
            .build();

    private ControlRegisters() {}
}
