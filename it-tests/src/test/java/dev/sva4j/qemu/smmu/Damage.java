package dev.sva4j.qemu.smmu;

import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.ADDRESS;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AF;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP1;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP2;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP_TABLE_0;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP_TABLE_1;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.TYPE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.VALID;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import java.util.List;
import java.util.SplittableRandom;

/** What makes tables wrong, or unusual: one field of one structure at a time. */
final class Damage {
    private static final List<BitField> CD_BITS = List.of(
            ContextDescriptor.V,
            ContextDescriptor.AA64,
            ContextDescriptor.HA,
            ContextDescriptor.HD,
            ContextDescriptor.ENDI,
            ContextDescriptor.EPD0,
            ContextDescriptor.EPD1,
            ContextDescriptor.R,
            ContextDescriptor.AFFD,
            ContextDescriptor.TBI0,
            ContextDescriptor.TBI1);
    private static final List<BitField> CD_FIELDS = List.of(
            ContextDescriptor.T0SZ,
            ContextDescriptor.TG0,
            ContextDescriptor.T1SZ,
            ContextDescriptor.TG1,
            ContextDescriptor.ASID);

    /** The smallest and the largest T0SZ and T1SZ, with and without small tables, and their neighbours. */
    private static final List<Integer> LIMITS = List.of(15, 16, 17, 38, 39, 40, 47, 48);

    private static final List<BitField> POINTER_BITS = List.of(VALID, TYPE, AP_TABLE_0, AP_TABLE_1);
    private static final List<BitField> LEAF_BITS = List.of(VALID, TYPE, AF, AP1, AP2);

    /** CD.IPS beyond makes QEMU end. */
    private static final int LARGEST_IPS = 5;

    private static final int LOWEST_HIGH_BIT = 32;

    private final SplittableRandom random;
    private final World world;

    /** Also damage whose effect depends on features in which the parts differ unless they are identical. */
    private final boolean identical;

    Damage(SplittableRandom random, World world, boolean identical) {
        this.identical = identical;
        this.random = random;
        this.world = world;
    }

    /** Damages one word; what could disturb QEMU itself is not done. */
    void strike() {
        switch (random.nextInt(identical ? 10 : 8)) {
            case 8 -> substreams();
            case 9 -> faultModel();
            case 0 -> stream();
            case 1 -> streamPointer();
            case 2, 3 -> context();
            case 4, 5 -> pointer();
            default -> leaf();
        }
    }

    private void stream() {
        long at = world.anyOf(world.streams.entries);
        long word = world.word(at);
        long struck = switch (random.nextInt(4)) {
            case 0 -> StreamTableEntry.V.put(word, false);
            case 1 -> StreamTableEntry.CONFIG.put(word, StreamTableEntry.CONFIG_BYPASS);
            case 2 -> StreamTableEntry.CONFIG.put(word, random.nextInt(8));
            default -> highBit(StreamTableEntry.S1_CONTEXT_PTR, word);
        };
        if (Addresses.isHarmlessPointer(StreamTableEntry.S1_CONTEXT_PTR.getAddress(struck))) {
            world.image.put(at, struck);
        }
    }

    /** A stream that has substreams, or is not to stall. */
    private void substreams() {
        long at = world.anyOf(world.streams.entries);
        if (random.nextBoolean()) {
            world.image.put(at, StreamTableEntry.S1CD_MAX.put(world.word(at), random.nextInt(32)));
        } else {
            long second = at + Long.BYTES;
            world.image.put(second, world.word(second) ^ StreamTableEntry.S1STALLD.mask());
        }
    }

    /** A context whose faults stall, or do not abort. */
    private void faultModel() {
        long at = world.anyOf(world.contexts).at;
        BitField field = random.nextBoolean() ? ContextDescriptor.S : ContextDescriptor.A;
        world.image.put(at, world.word(at) ^ field.mask());
    }

    private void streamPointer() {
        if (world.streams.descriptors.isEmpty()) {
            return;
        }
        long at = world.anyOf(List.copyOf(world.streams.descriptors.keySet()));
        long word = world.word(at);
        long struck = random.nextInt(3) == 0
                ? highBit(L1StreamTableDescriptor.L2_PTR, word)
                : L1StreamTableDescriptor.SPAN.put(word, random.nextInt(random.nextBoolean() ? 12 : 32));
        if (Addresses.isHarmlessPointer(L1StreamTableDescriptor.table(struck))) {
            world.image.put(at, struck);
        }
    }

    void context() {
        Context context = world.anyOf(world.contexts);
        int index = random.nextInt(8) == 0 ? 1 + random.nextInt(2) : 0;
        long at = context.at + (long) index * Long.BYTES;
        long word = world.word(at);
        if (index != 0) {
            BitField table = index == 1 ? ContextDescriptor.TTB0 : ContextDescriptor.TTB1;
            putIfHarmless(at, highBit(table, word), table);
        } else if (random.nextInt(6) == 0) {
            world.image.put(at, ContextDescriptor.IPS.put(word, random.nextInt(LARGEST_IPS + 1)));
        } else if (random.nextInt(3) == 0) {
            BitField field = world.anyOf(CD_FIELDS);
            long value = random.nextLong(field.max() + 1);
            boolean size = field == ContextDescriptor.T0SZ || field == ContextDescriptor.T1SZ;
            world.image.put(at, field.put(word, size && random.nextBoolean() ? world.anyOf(LIMITS) : value));
        } else {
            world.image.put(at, word ^ world.anyOf(CD_BITS).mask());
        }
    }

    private void pointer() {
        Tables tables = anyTables();
        if (tables.pointers.isEmpty()) {
            return;
        }
        long at = world.anyOf(tables.pointers);
        long word = world.word(at);
        putIfHarmless(
                at,
                random.nextInt(3) == 0
                        ? highBit(ADDRESS, word)
                        : word ^ world.anyOf(POINTER_BITS).mask(),
                ADDRESS);
    }

    private void leaf() {
        Tables tables = anyTables();
        if (tables.leaves.isEmpty()) {
            return;
        }
        long at = world.anyOf(tables.leaves).at();
        long word = world.word(at);
        putIfHarmless(
                at,
                random.nextInt(4) == 0
                        ? highBit(ADDRESS, word)
                        : word ^ world.anyOf(LEAF_BITS).mask(),
                ADDRESS);
    }

    private Tables anyTables() {
        return world.anyOf(world.anyOf(world.contexts).halves);
    }

    private void putIfHarmless(long at, long word, BitField address) {
        if (Addresses.isHarmlessPointer(address.getAddress(word))) {
            world.image.put(at, word);
        }
    }

    /** Makes an address larger than memory, or than some address size. */
    private long highBit(BitField address, long word) {
        return word | 1L << LOWEST_HIGH_BIT + random.nextInt(address.hi() - LOWEST_HIGH_BIT + 1);
    }
}
