package dev.sva4j.vendor.smmu.layout;

/** The STEs and CDs that several tests use, named as the reference sheet numbers them (§12.2, §12.3). */
final class Entries {

    static final Vector S1_ABORT = ste().with("V", 1).with("Config", 0);

    static final Vector S2_BYPASS = ste().with("V", 1).with("Config", 4).with("SHCFG", 1);

    static final Vector S3_LINEAR = stage1(0x8040_0000L, 0, 6).with("S1DSS", 2);

    static final Vector S4_CD_TABLE =
            stage1(0x8050_0000L, 2, 20).with("S1DSS", 2).with("S1STALLD", 1).with("EATS", 1);

    static final Vector S5_CD_TABLE_S1DSS_BYPASS = S4_CD_TABLE.with("S1DSS", 1).with("SHCFG", 1);

    static final Vector S6_NESTED = stage2(
            stage1(0x4050_0000L, 2, 16).with("Config", 7).with("S1DSS", 2).with("S1STALLD", 1));

    static final Vector S7_STAGE2 = stage2(ste().with("V", 1).with("Config", 6).with("SHCFG", 1));

    static final Vector S8_KUNIT = stage1(0xF0F0_F0F0_F0C0L, 2, 31)
            .with("S1DSS", 2)
            .with("S1STALLD", 1)
            .with("EATS", 1);

    static final long MAIR = 0x0000_0004_0044_FFFFL;

    static final Vector C1_SVA = Vector.of(ContextDescriptor.LAYOUT)
            .with("T0SZ", 16)
            .with("IR0", 1)
            .with("OR0", 1)
            .with("SH0", 3)
            .with("EPD1", 1)
            .with("V", 1)
            .with("IPS", 4)
            .with("AA64", 1)
            .with("R", 1)
            .with("A", 1)
            .with("ASET", 1)
            .with("ASID", 0x2A)
            .with("TTB0", 0x8123_4000L)
            .with("MAIR", MAIR);

    static final Vector C4_QUIET = quiet().with("A", 1);

    static final Vector C5_QUIET_STALL_FORCED =
            quiet().with("A", 1).with("S", 1).with("R", 1);

    private Entries() {}

    private static Vector ste() {
        return Vector.of(StreamTableEntry.LAYOUT);
    }

    private static Vector stage1(long contextPtr, int fmt, int cdMax) {
        return ste().with("V", 1)
                .with("Config", 5)
                .with("S1Fmt", fmt)
                .with("S1ContextPtr", contextPtr)
                .with("S1CDMax", cdMax)
                .with("S1CIR", 1)
                .with("S1COR", 1)
                .with("S1CSH", 3);
    }

    private static Vector stage2(Vector ste) {
        return ste.with("S2VMID", 7)
                .with("S2T0SZ", 24)
                .with("S2SL0", 1)
                .with("S2IR0", 1)
                .with("S2OR0", 1)
                .with("S2SH0", 3)
                .with("S2PS", 4)
                .with("S2AA64", 1)
                .with("S2PTW", 1)
                .with("S2R", 1)
                .with("S2TTB", 0x8060_0000L);
    }

    private static Vector quiet() {
        return Vector.of(ContextDescriptor.LAYOUT)
                .with("EPD0", 1)
                .with("EPD1", 1)
                .with("V", 1)
                .with("IPS", 4)
                .with("AA64", 1)
                .with("ASET", 1)
                .with("ASID", 0x2A)
                .with("MAIR", MAIR);
    }
}
