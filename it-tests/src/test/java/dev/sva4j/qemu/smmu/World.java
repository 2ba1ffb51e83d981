package dev.sva4j.qemu.smmu;

import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** All tables of a case, as software means them to be and, in {@link #image}, as they are. */
final class World {
    private final SplittableRandom random;
    private final Addresses addresses;
    final Streams streams;
    final List<Context> contexts = new ArrayList<>();

    /** The context of each device; null if its STE is not there. */
    final List<Context> contextOf = new ArrayList<>();

    /** The words of all tables, by their address. */
    final TreeMap<Long, Long> image = new TreeMap<>();

    private int lastAsid;

    World(SplittableRandom random, boolean twoLevel) {
        this.random = random;
        this.addresses = new Addresses(random);
        this.streams = new Streams(random, addresses, twoLevel);
        this.lastAsid = random.nextInt(0xf000);
        int count = 1 + random.nextInt(3);
        boolean global = count == 1 && random.nextBoolean();
        for (int i = 0; i < count; i++) {
            contexts.add(new Context(random, addresses, newAsid(), global));
        }
        image.putAll(streams.descriptors);
        contexts.forEach(this::put);
        for (int device = 0; device < Bench.devices(); device++) {
            Context context = random.nextInt(16) == 0 ? null : contexts.get(random.nextInt(count));
            contextOf.add(context);
            if (context != null) {
                put(streams.entries.get(device), streams.entry(context));
            }
        }
    }

    Addresses addresses() {
        return addresses;
    }

    /** An ASID that no context has or had. */
    int newAsid() {
        lastAsid += 1 + random.nextInt(200);
        return lastAsid;
    }

    private void put(Context context) {
        put(context.at, context.cd);
        context.halves.forEach(half -> image.putAll(half.descriptors));
    }

    void put(long at, long[] words) {
        for (int i = 0; i < words.length; i++) {
            image.put(at + (long) i * Long.BYTES, words[i]);
        }
    }

    long word(long at) {
        return image.getOrDefault(at, 0L);
    }

    /** A device that has a context. */
    int device(Context context) {
        List<Integer> those = new ArrayList<>();
        for (int device = 0; device < contextOf.size(); device++) {
            if (contextOf.get(device) == context) {
                those.add(device);
            }
        }
        return those.isEmpty() ? random.nextInt(Bench.devices()) : those.get(random.nextInt(those.size()));
    }

    /** What its CD says, damaged or not. */
    int asid(Context context) {
        return (int) ContextDescriptor.ASID.get(word(context.at));
    }

    <T> T anyOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
