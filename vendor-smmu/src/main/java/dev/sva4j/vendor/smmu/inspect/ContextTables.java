package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.Granule;
import org.jspecify.annotations.Nullable;

/**
 * One half of the address space of a context: its tables, and what the descriptor says about reading them.
 *
 * @param root TTB0 or TTB1, bits that do not count cleared
 * @param firstAddress of the half, sign-extended
 * @param format how its tables are read; null if the descriptor asks for what does not exist
 */
record ContextTables(long root, long firstAddress, @Nullable ContextFormat format) {
    private static final int LARGEST_SIZE_FIELD = 39;
    private static final int SMALLEST_SIZE_FIELD = 16;
    private static final int SMALLEST_SIZE_FIELD_WIDE = 12;
    private static final int WIDE_OUTPUT_BITS = 52;
    private static final int NARROW_OUTPUT_BITS = 48;

    static ContextTables lower(long[] cd, int outputBits) {
        return of(
                cd,
                ContextDescriptor.TTB0.getAddress(cd[1]),
                Granule.ofTg0(ContextDescriptor.TG0.get(cd[0])),
                (int) ContextDescriptor.T0SZ.get(cd[0]),
                false,
                ContextDescriptor.HAD0.isSet(cd[1]),
                ContextDescriptor.E0PD0.isSet(cd[1]),
                outputBits);
    }

    static ContextTables upper(long[] cd, int outputBits) {
        return of(
                cd,
                ContextDescriptor.TTB1.getAddress(cd[2]),
                Granule.ofTg1(ContextDescriptor.TG1.get(cd[0])),
                (int) ContextDescriptor.T1SZ.get(cd[0]),
                true,
                ContextDescriptor.HAD1.isSet(cd[2]),
                ContextDescriptor.E0PD1.isSet(cd[2]),
                outputBits);
    }

    private static ContextTables of(
            long[] cd,
            long ttb,
            @Nullable Granule granule,
            int sizeField,
            boolean upper,
            boolean flat,
            boolean unprivilegedDenied,
            int outputBits) {
        boolean ds = ContextDescriptor.DS.isSet(cd[2]);
        boolean wide = granule == Granule.KIB_64 ? outputBits >= WIDE_OUTPUT_BITS : ds;
        int smallest = wide || granule == Granule.KIB_64 ? SMALLEST_SIZE_FIELD_WIDE : SMALLEST_SIZE_FIELD;
        if (granule == null || sizeField < smallest || sizeField > LARGEST_SIZE_FIELD) {
            return new ContextTables(ttb, 0, null);
        }
        int descriptorBits = wide ? WIDE_OUTPUT_BITS : Math.min(outputBits, NARROW_OUTPUT_BITS);
        ContextFormat format = new ContextFormat(
                new Vmsav8_64(granuleOf(granule), sizeField, descriptorBits, 0, hardwareDirty(cd[0])),
                Math.min(outputBits, descriptorBits),
                flat,
                unprivilegedDenied,
                accessFlagFaults(cd[0]),
                ContextDescriptor.WXN.isSet(cd[0]));
        long tableBytes = 1L << format.tableShift(format.topLevel());
        return new ContextTables(ttb & -tableBytes, upper ? -(1L << format.vaBits()) : 0, format);
    }

    /** A leaf that was not marked accessed faults, unless hardware marks it or does not care. */
    private static boolean accessFlagFaults(long word0) {
        return !ContextDescriptor.HA.isSet(word0) && !ContextDescriptor.AFFD.isSet(word0);
    }

    /** HD without HA acts as if both were 0 (IHI 0070 §5.4). */
    private static boolean hardwareDirty(long word0) {
        return ContextDescriptor.HA.isSet(word0) && ContextDescriptor.HD.isSet(word0);
    }

    private static Vmsav8_64.Granule granuleOf(Granule granule) {
        return switch (granule) {
            case KIB_4 -> Vmsav8_64.Granule.SIZE_4K;
            case KIB_16 -> Vmsav8_64.Granule.SIZE_16K;
            case KIB_64 -> Vmsav8_64.Granule.SIZE_64K;
        };
    }
}
