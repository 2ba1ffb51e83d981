package dev.sva4j.qemu.smmu;

import dev.sva4j.qemu.Rocker;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Random cases: tables that are right, some damage, accesses that aim at what is there or just miss it, and changes with
 * the invalidations that the manual asks for, after which the devices try again.
 */
final class Generator {
    private static final int FIRST_PROBES = 10;
    private static final int LATER_PROBES = 6;

    /** Its alignment, in bytes. */
    private static final long LARGEST_STREAM_TABLE = 1 << 16;

    private final SplittableRandom random;
    private final World world;
    private final List<Step> steps = new ArrayList<>();
    private final Set<Long> watched = new LinkedHashSet<>();
    private final List<Step.Probe> tried = new ArrayList<>();

    private final boolean identical;

    private Generator(long seed, boolean twoLevel, boolean identical) {
        this.identical = identical;
        random = new SplittableRandom(seed);
        world = new World(random, twoLevel);
    }

    /** The case of this seed: each seed has its format of stream tables, and every fourth is for parts that are identical. */
    static Case of(long seed) {
        boolean twoLevel = seed % 2 == 0;
        boolean identical = seed % 8 < 2;
        String kind = (twoLevel ? " two-level" : " linear") + (identical ? " identical" : "");
        return new Generator(seed, twoLevel, identical).make("seed " + seed + kind);
    }

    private Case make(String name) {
        Damage damage = new Damage(random, world, identical);
        for (int strikes = Math.max(0, random.nextInt(5) - 1); strikes > 0; strikes--) {
            damage.strike();
        }
        world.image.forEach((at, word) -> {
            if (word != 0) {
                steps.add(new Step.Store(at, word));
            }
        });
        steps.add(new Step.Write64(StreamTableRegisters.STRTAB_BASE.offset(), streamTable()));
        steps.add(new Step.Write32(StreamTableRegisters.STRTAB_BASE_CFG.offset(), world.streams.config));
        steps.add(new Step.Write32(ControlRegisters.CR0.offset(), Player.ENABLED));
        probes(FIRST_PROBES);
        Changes changes = new Changes(random, world, damage, steps);
        for (int rounds = random.nextInt(3); rounds > 0; rounds--) {
            changes.make();
            for (int again = 2; again > 0 && !tried.isEmpty(); again--) {
                Step.Probe before = world.anyOf(tried);
                probe(before.device(), before.address());
            }
            changes.leaf().ifPresent(leaf -> aim(changes.device(), leaf));
            probes(LATER_PROBES);
        }
        return new Case(name, identical, steps, List.copyOf(watched));
    }

    /** Where the stream table is; sometimes nothing is there. */
    private long streamTable() {
        return random.nextInt(60) == 0 ? world.addresses().nowhere() & -LARGEST_STREAM_TABLE : world.streams.base;
    }

    private void probes(int count) {
        for (int i = 0; i < count; i++) {
            Context context = world.anyOf(world.contexts);
            int device = world.device(context);
            Tables tables = world.anyOf(context.halves);
            int what = random.nextInt(16);
            if (tables.leaves.isEmpty() || what == 0) {
                stray(device, tables.inHalf(random.nextLong()) & -4);
            } else if (what < 4) {
                Tables.Leaf leaf = world.anyOf(tables.leaves);
                stray(device, leaf.address() ^ 1L << 12 + random.nextInt(Long.SIZE - 12));
            } else if (what < 6 && !tried.isEmpty()) {
                Step.Probe before = world.anyOf(tried);
                stray(random.nextBoolean() ? device : before.device(), before.address());
            } else {
                aim(device, world.anyOf(tables.leaves));
            }
        }
    }

    /** An access that may go anywhere, as long as that does no harm. */
    private void stray(int device, long address) {
        if (Addresses.isHarmless(address)) {
            probe(device, address);
        }
    }

    /** An access within a leaf. */
    private void aim(int device, Tables.Leaf leaf) {
        withHarmlessOffset(leaf, offset -> {
            watched.add(leaf.output() + offset & -Long.BYTES);
            probe(device, leaf.address() + offset);
        });
    }

    private void withHarmlessOffset(Tables.Leaf leaf, LongConsumer use) {
        for (int attempt = 0; attempt < 20; attempt++) {
            long offset = world.addresses().offset(leaf.shift());
            if (Addresses.isHarmless(leaf.address() + offset) && Addresses.isHarmlessOutput(leaf.output() + offset)) {
                use.accept(offset);
                return;
            }
        }
    }

    private void probe(int device, long address) {
        Rocker.Operation operation = switch (random.nextInt(12)) {
            case 0 -> Rocker.Operation.CLEAR;
            case 1, 2, 3, 4 -> Rocker.Operation.FILL;
            default -> Rocker.Operation.INVERT;
        };
        Step.Probe probe = new Step.Probe(device, operation, address);
        watched.add(address & -Long.BYTES);
        tried.add(probe);
        steps.add(probe);
    }
}
