package dev.sva4j.qemu.smmu;

import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.TYPE;

import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.SyncCommand;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;
import dev.sva4j.vendor.smmu.layout.TlbiRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Changes of tables in use, each with invalidations that the manual calls sufficient (§4.3, §4.4): caches of either side
 * may not show the old state, whatever they keep.
 */
final class Changes {
    private final SplittableRandom random;
    private final World world;
    private final Damage damage;
    private final List<Step> steps;
    private Optional<Tables.Leaf> leaf = Optional.empty();
    private int device;

    Changes(SplittableRandom random, World world, Damage damage, List<Step> steps) {
        this.random = random;
        this.world = world;
        this.damage = damage;
        this.steps = steps;
    }

    /** The leaf that was changed last, if it was one. */
    Optional<Tables.Leaf> leaf() {
        return leaf;
    }

    /** A device that the last change concerns. */
    int device() {
        return device;
    }

    /** Changes something, invalidates what is cached of it, and waits. */
    void make() {
        leaf = Optional.empty();
        Context context = world.anyOf(world.contexts);
        device = world.device(context);
        switch (random.nextInt(7)) {
            case 0, 1 -> rewriteLeaf(context);
            case 2 -> addLeaf(context);
            case 3 -> changeContext(context);
            case 4 -> moveStream(context);
            case 5 -> strike(context);
            default -> unchanged(context);
        }
    }

    private void rewriteLeaf(Context context) {
        Tables tables = world.anyOf(context.halves);
        if (tables.leaves.isEmpty()) {
            return;
        }
        Tables.Leaf old = world.anyOf(tables.leaves);
        // Damage may have made a table of the block. Pointers to tables do not go with Leaf = 1.
        boolean wasLeaf = TYPE.isSet(world.word(old.at())) == (old.level() == Tables.LAST_LEVEL);
        tables.rewrite(old);
        Tables.Leaf written = tables.leaves.get(tables.leaves.size() - 1);
        leaf = Optional.of(written);
        store(Map.of(old.at(), tables.descriptors.get(old.at())));
        invalidate(context, tables, written, wasLeaf && random.nextBoolean());
        sync();
    }

    private void invalidate(Context context, Tables tables, Tables.Leaf changed, boolean leafOnly) {
        long word1 = TlbiCommands.addressWord1(changed.address(), leafOnly);
        // QEMU keeps an ignored top byte in its TLB, where an invalidation by address does not find it.
        boolean byAddress = !ignoresTopByte(context);
        switch (random.nextInt(byAddress ? 6 : 3)) {
            case 0 -> command(TlbiCommands.nhAllWord0(0), 0);
            case 1 -> command(TlbiCommands.nsnhAllWord0(), 0);
            case 2 -> {
                long byAsid = TlbiCommands.nhAsidWord0(0, world.asid(context));
                command(context.global ? TlbiCommands.nhAllWord0(0) : byAsid, 0);
            }
            case 3 -> command(TlbiCommands.nhVaWord0(0, world.asid(context)), word1);
            case 4 -> command(TlbiCommands.nhVaaWord0(0), word1);
            default -> {
                // A range of several granules that begins at the leaf, or one leaf with its level.
                boolean hint = random.nextBoolean();
                long granules = hint ? 1L << changed.shift() - tables.granule.shift() : 2 + random.nextInt(30);
                long word0 = random.nextBoolean()
                        ? TlbiCommands.nhVaWord0(0, world.asid(context))
                        : TlbiCommands.nhVaaWord0(0);
                command(
                        TlbiRange.withGranules(word0, hint ? granules : TlbiRange.avoidReserved(granules)),
                        TlbiRange.withHint(word1, tables.granule, hint ? changed.shift() : 0));
            }
        }
    }

    private boolean ignoresTopByte(Context context) {
        long word0 = world.word(context.at);
        return ContextDescriptor.TBI0.isSet(word0) || ContextDescriptor.TBI1.isSet(word0);
    }

    /** What was not there is not cached: nothing to invalidate. */
    private void addLeaf(Context context) {
        Tables tables = world.anyOf(context.halves);
        int before = tables.leaves.size();
        Map<Long, Long> old = Map.copyOf(tables.descriptors);
        tables.grow();
        if (tables.leaves.size() > before) {
            leaf = Optional.of(tables.leaves.get(before));
            Map<Long, Long> added = new TreeMap<>(tables.descriptors);
            added.keySet().removeAll(old.keySet());
            store(added);
        }
    }

    private void changeContext(Context context) {
        int oldAsid = world.asid(context);
        long word0 = switch (random.nextInt(4)) {
            case 0 -> ContextDescriptor.ASID.put(context.cd[0], world.newAsid());
            case 1 -> context.cd[0] ^ ContextDescriptor.AFFD.mask();
            case 2 -> quiet(context.cd[0]);
            default -> context.cd[0] ^ ContextDescriptor.R.mask();
        };
        context.cd[0] = word0;
        store(Map.of(context.at, word0));
        forget(context);
        if (context.global) {
            command(TlbiCommands.nhAllWord0(0), 0);
        } else {
            command(TlbiCommands.nhAsidWord0(0, oldAsid), 0);
        }
        sync();
    }

    /** The quiet CD: no walks, no records. */
    private static long quiet(long word0) {
        return ContextDescriptor.R.put(
                ContextDescriptor.EPD1.put(ContextDescriptor.EPD0.put(word0, true), true), false);
    }

    /** Drops cached copies of the CD for every stream that has it. */
    private void forget(Context context) {
        for (int other = 0; other < Bench.devices(); other++) {
            if (world.contextOf.get(other) == context) {
                long sid = Bench.requester(other);
                switch (random.nextInt(3)) {
                    case 0 ->
                        command(
                                ConfigurationCommands.cfgiCdWord0(sid, 0),
                                ConfigurationCommands.cfgiCdWord1(random.nextBoolean()));
                    case 1 -> command(ConfigurationCommands.cfgiCdAllWord0(sid), 0);
                    default -> forget(sid);
                }
            }
        }
    }

    /** Drops cached copies of an STE. */
    private void forget(long sid) {
        switch (random.nextInt(3)) {
            case 0 ->
                command(
                        ConfigurationCommands.cfgiSteWord0(sid),
                        ConfigurationCommands.cfgiSteWord1(random.nextBoolean()));
            case 1 ->
                command(
                        ConfigurationCommands.cfgiSteRangeWord0(sid),
                        ConfigurationCommands.cfgiSteRangeWord1(1 + random.nextInt(10)));
            default -> command(ConfigurationCommands.cfgiAllWord0(), ConfigurationCommands.cfgiAllWord1());
        }
    }

    /** Gives a device another context. */
    private void moveStream(Context context) {
        long[] ste = world.streams.entry(context);
        device = random.nextInt(Bench.devices());
        world.contextOf.set(device, context);
        long at = world.streams.entries.get(device);
        // Word 0 last, as the STE may be in use.
        store(Map.of(at + Long.BYTES, ste[1]));
        store(Map.of(at, ste[0]));
        forget(Bench.requester(device));
        sync();
    }

    /** Damage, with what may be cached of it invalidated. */
    private void strike(Context context) {
        TreeMap<Long, Long> before = new TreeMap<>(world.image);
        damage.strike();
        Map<Long, Long> changed = new TreeMap<>(world.image);
        changed.entrySet().removeAll(before.entrySet());
        store(changed);
        if (world.streams.descriptors.keySet().containsAll(changed.keySet()) && random.nextInt(4) != 0) {
            // An L1STD: it goes with the STE of any stream that it leads to.
            for (int other = 0; other < Bench.devices(); other++) {
                command(
                        ConfigurationCommands.cfgiSteWord0(Bench.requester(other)),
                        ConfigurationCommands.cfgiSteWord1(false));
            }
        } else {
            command(ConfigurationCommands.cfgiAllWord0(), ConfigurationCommands.cfgiAllWord1());
        }
        command(TlbiCommands.nhAllWord0(0), 0);
        sync();
    }

    /** Invalidations that nothing made necessary. */
    private void unchanged(Context context) {
        Tables tables = world.anyOf(context.halves);
        List<Tables.Leaf> leaves = new ArrayList<>(tables.leaves);
        if (!leaves.isEmpty()) {
            invalidate(context, tables, world.anyOf(leaves), random.nextBoolean());
        }
        forget(Bench.requester(device));
        sync();
    }

    private void store(Map<Long, Long> words) {
        new TreeMap<>(words).forEach((at, word) -> {
            world.image.put(at, word);
            steps.add(new Step.Store(at, word));
        });
    }

    private void sync() {
        command(SyncCommand.noneWord0(), 0);
    }

    private void command(long word0, long word1) {
        steps.add(new Step.Command(word0, word1));
    }
}
