package dev.sva4j.vendor.smmu.driver;

import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.A;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.AA64;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.ASET;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.ASET_PRIVATE;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.ASID;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.DS;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.EPD0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.EPD1;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.HA;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.HD;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.IPS;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.IR0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.LAYOUT;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.MAIR;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.OR0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.R;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.S;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.SH0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.T0SZ;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.TG0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.TTB0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.V;

import dev.sva4j.spi.layout.LayoutField;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.vendor.smmu.layout.Cacheability;
import dev.sva4j.vendor.smmu.layout.Shareability;

/** The three CDs that a PASID goes through (IHI 0070 §5.4; {@code arm_smmu_make_sva_cd}). */
final class CdValues {
    /**
     * MAIR_EL1 of Linux: attributes 0 and 1 are Normal write-back memory, 2 Normal non-cacheable, 3 Device-nGnRnE, 4
     * Device-nGnRE. A process's leaves select 0.
     */
    static final long MEMORY_ATTRIBUTES = 0x0000_0004_0044_FFFFL;

    /** Belongs to quiet CDs and to no context: nothing is ever cached under it. */
    static final int QUIET_ASID = 0;

    private final Features features;

    CdValues(Features features) {
        this.features = features;
    }

    /** No CD: accesses abort and are recorded as C_BAD_CD. */
    static long[] empty() {
        return new long[LAYOUT.words()];
    }

    /**
     * Translates through the tables of {@code context}. There is no upper half, so EPD1. Faults are recorded (R) and
     * abort (A); whether they are a user's mistake or worth a report is for core to say.
     */
    long[] live(SmmuContext context, boolean stall) {
        Vmsav8_64 format = context.format();
        long[] cd = common(context);
        T0SZ.encodeInto(cd, format.t0sz());
        TG0.encodeInto(cd, Formats.granule(format).tg0());
        IR0.encodeInto(cd, Cacheability.WALK_WB_RA_WA);
        OR0.encodeInto(cd, Cacheability.WALK_WB_RA_WA);
        SH0.encodeInto(cd, Shareability.ISH);
        TTB0.encodeInto(cd, context.root());
        set(cd, S, stall || features.mustStall());
        set(cd, R, true);
        return cd;
    }

    /**
     * Silence while DMA goes on. No walk starts (EPD0); what misses the TLB aborts (A) without a record (R = 0). The CD
     * stays valid, because an invalid one would raise C_BAD_CD for every access. It differs from the live one in one
     * word that hardware looks at. S = 0 would be ILLEGAL where stalls are forced; then the records have to be dropped
     * by software.
     *
     * <p>EPD0 keeps hardware from walking, not from hitting, and another device of the same process may be live and
     * fill the TLB. Linux silences all devices of a process before it cleans the TLB, and can keep the ASID; here each
     * PASID has to be silent by itself, so the ASID becomes one under which nothing is ever cached.
     */
    long[] quiet(SmmuContext context) {
        long[] cd = common(context);
        ASID.encodeInto(cd, QUIET_ASID);
        set(cd, EPD0, true);
        set(cd, S, features.mustStall());
        set(cd, R, features.mustStall());
        return cd;
    }

    /**
     * What live and quiet have in common; what differs from it is all in word 0, so that one store switches between
     * them.
     */
    private long[] common(SmmuContext context) {
        Vmsav8_64 format = context.format();
        long[] cd = empty();
        set(cd, EPD1, true);
        set(cd, V, true);
        IPS.encodeInto(cd, features.ips(format.oaBits()));
        set(cd, AA64, true);
        set(cd, HA, format.hardwareDirty());
        set(cd, HD, format.hardwareDirty());
        set(cd, A, true);
        ASET.encodeInto(cd, ASET_PRIVATE);
        ASID.encodeInto(cd, context.asid());
        set(cd, DS, Formats.needsWideDescriptors(format));
        MAIR.encodeInto(cd, MEMORY_ATTRIBUTES);
        return cd;
    }

    private static void set(long[] cd, LayoutField flag, boolean value) {
        flag.encodeInto(cd, value ? 1 : 0);
    }
}
