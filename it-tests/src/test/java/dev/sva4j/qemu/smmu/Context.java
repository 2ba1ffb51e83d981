package dev.sva4j.qemu.smmu;

import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A context descriptor and its tables, as they come into being. */
final class Context {
    private final SplittableRandom random;
    final long at;
    final List<Tables> halves = new ArrayList<>();
    final long[] cd = new long[ContextDescriptor.LAYOUT.words()];

    /** Some leaves are global, so an invalidation by ASID does not reach them. */
    final boolean global;

    Context(SplittableRandom random, Addresses addresses, int asid, boolean global) {
        this.random = random;
        this.global = global;
        this.at = addresses.table(ContextDescriptor.LAYOUT.bytes());
        int which = random.nextInt(4);
        if (which != 3) {
            halves.add(new Tables(random, addresses, false, global));
        }
        if (which == 0 || which == 3) {
            halves.add(new Tables(random, addresses, true, global));
        }
        for (Tables tables : halves) {
            int leaves = 2 + random.nextInt(4);
            for (int i = 0; i < leaves; i++) {
                tables.grow();
            }
        }
        describe(asid);
    }

    private void describe(int asid) {
        // In case damage sets a half free for walks that has no tables.
        cd[1] = ContextDescriptor.TTB0.encodeAddress(halves.get(0).start);
        cd[2] = ContextDescriptor.TTB1.encodeAddress(halves.get(0).start);
        long word0 = ContextDescriptor.V.encode(true)
                | ContextDescriptor.AA64.encode(true)
                | ContextDescriptor.A.encode(true)
                | ContextDescriptor.R.encode(random.nextInt(10) != 0)
                | ContextDescriptor.AFFD.encode(random.nextInt(8) == 0)
                | ContextDescriptor.WXN.encode(random.nextBoolean())
                | ContextDescriptor.UWXN.encode(random.nextBoolean())
                | ContextDescriptor.ASET.encode(random.nextBoolean())
                | ContextDescriptor.IPS.encode(random.nextInt(4) == 0 ? random.nextInt(6) : AddressSize.encoding(44))
                | ContextDescriptor.ASID.encode(asid)
                // What a half without walks says does not matter.
                | ContextDescriptor.EPD0.encode(true)
                | ContextDescriptor.EPD1.encode(true)
                | ContextDescriptor.T0SZ.encode(random.nextInt(64))
                | ContextDescriptor.TG0.encode(random.nextInt(4))
                | ContextDescriptor.T1SZ.encode(random.nextInt(64))
                | ContextDescriptor.TG1.encode(random.nextInt(4))
                | ContextDescriptor.SH0.encode(random.nextInt(4))
                | ContextDescriptor.IR0.encode(random.nextInt(4))
                | ContextDescriptor.OR1.encode(random.nextInt(4));
        boolean tbi = random.nextInt(5) == 0;
        word0 = ContextDescriptor.TBI0.put(word0, tbi ^ random.nextInt(24) == 0);
        word0 = ContextDescriptor.TBI1.put(word0, tbi);
        for (Tables tables : halves) {
            word0 = describe(tables, word0);
        }
        cd[0] = word0;
        cd[3] = random.nextLong();
    }

    private long describe(Tables tables, long word0) {
        int size = ContextDescriptor.sizeField(tables.bits);
        boolean ignoreTables = random.nextInt(4) == 0;
        if (tables.upper) {
            cd[2] = ContextDescriptor.TTB1.encodeAddress(tables.start) | ContextDescriptor.HAD1.encode(ignoreTables);
            long sized = ContextDescriptor.T1SZ.put(word0, size);
            return ContextDescriptor.EPD1.put(ContextDescriptor.TG1.put(sized, tables.granule.tg1()), false);
        }
        cd[1] = ContextDescriptor.TTB0.encodeAddress(tables.start) | ContextDescriptor.HAD0.encode(ignoreTables);
        long sized = ContextDescriptor.T0SZ.put(word0, size);
        return ContextDescriptor.EPD0.put(ContextDescriptor.TG0.put(sized, tables.granule.tg0()), false);
    }
}
