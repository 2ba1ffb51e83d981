package dev.sva4j.qemu.smmu;

import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.ADDRESS;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AF;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP1;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP2;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP_TABLE_0;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP_TABLE_1;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.ATTR_INDX;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.DBM;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.NG;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.NS;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.NS_TABLE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.PXN;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.PXN_TABLE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.SH;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.SOFTWARE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.TYPE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.UXN;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.UXN_TABLE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.VALID;

import dev.sva4j.vendor.smmu.layout.Granule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The translation tables of one half of a context, as they come into being. */
final class Tables {
    static final int LAST_LEVEL = 3;

    /** A block or page. */
    record Leaf(long address, int level, int shift, long at, long output) {}

    private final SplittableRandom random;
    private final Addresses addresses;
    private final boolean global;
    final Granule granule;
    final int bits;
    final boolean upper;
    final int startLevel;
    final long start;

    /** Descriptors by their address. */
    final Map<Long, Long> descriptors = new HashMap<>();

    /** Addresses of the table descriptors. */
    final List<Long> pointers = new ArrayList<>();

    final List<Leaf> leaves = new ArrayList<>();

    Tables(SplittableRandom random, Addresses addresses, boolean upper, boolean global) {
        this.random = random;
        this.addresses = addresses;
        this.upper = upper;
        this.global = global;
        this.granule = Granule.values()[random.nextInt(3)];
        this.bits = switch (random.nextInt(4)) {
            case 0 -> 48;
            case 1 -> 39;
            default -> 25 + random.nextInt(24);
        };
        this.startLevel = granule.startLevel(bits);
        this.start = addresses.table(Math.max(16, granule.startTableBytes(startLevel, bits)));
    }

    /** Adds a leaf somewhere, unless another one is in its way. */
    void grow() {
        int lowest = Math.max(startLevel, granule == Granule.KIB_4 ? 1 : 2);
        int level = Math.min(LAST_LEVEL, lowest + random.nextInt(LAST_LEVEL - lowest + 2));
        int shift = granule.levelShift(level);
        long address = addressOfLeaf(shift);
        long table = start;
        for (int at = startLevel; at < level; at++) {
            long where = granule.descriptorAddress(table, address, at, startLevel, bits);
            Long there = descriptors.get(where);
            if (there == null) {
                table = addresses.table(granule.bytes());
                descriptors.put(where, pointer(table));
                pointers.add(where);
            } else if (TYPE.isSet(there)) {
                table = ADDRESS.getAddress(there) & -granule.bytes();
            } else {
                return;
            }
        }
        long where = granule.descriptorAddress(table, address, level, startLevel, bits);
        if (!descriptors.containsKey(where)) {
            putLeaf(new Leaf(address, level, shift, where, addresses.output(shift)));
        }
    }

    /** An address that a leaf of this size could be for; harmless wherever in the leaf an access goes. */
    private long addressOfLeaf(int shift) {
        while (true) {
            long address = inHalf(random.nextLong()) & -(1L << shift);
            if (!leaves.isEmpty() && random.nextBoolean()) {
                // A neighbour, so that tables are shared.
                long other = leaves.get(random.nextInt(leaves.size())).address;
                address = inHalf(other ^ 1L << shift + random.nextInt(bits - shift + 1)) & -(1L << shift);
            }
            if (Addresses.isHarmless(address | 0x8_0000)) {
                return address;
            }
        }
    }

    /** The address with those bits that the half needs. */
    long inHalf(long address) {
        long mask = (1L << bits) - 1;
        return upper ? address | ~mask : address & mask;
    }

    /** Gives a leaf new contents. */
    void rewrite(Leaf leaf) {
        leaves.remove(leaf);
        putLeaf(new Leaf(leaf.address, leaf.level, leaf.shift, leaf.at, addresses.output(leaf.shift)));
    }

    private void putLeaf(Leaf leaf) {
        leaves.add(leaf);
        descriptors.put(leaf.at, descriptor(leaf));
    }

    private long descriptor(Leaf leaf) {
        long attributes = VALID.encode(true)
                | TYPE.encode(leaf.level == LAST_LEVEL)
                | ATTR_INDX.encode(random.nextInt(8))
                | NS.encode(random.nextBoolean())
                | AP1.encode(oneIn(24) == 0)
                | AP2.encode(random.nextInt(3) == 0)
                | SH.encode(random.nextInt(4))
                | AF.encode(random.nextInt(12) != 0)
                | NG.encode(!global || random.nextBoolean())
                | DBM.encode(random.nextBoolean())
                | PXN.encode(random.nextBoolean())
                | UXN.encode(random.nextBoolean())
                | SOFTWARE.encode(random.nextInt(8));
        return attributes | ADDRESS.encodeAddress(leaf.output);
    }

    private int oneIn(int n) {
        return random.nextInt(n) == 0 ? 1 : 0;
    }

    private long pointer(long table) {
        return VALID.encode(true)
                | TYPE.encode(true)
                | PXN_TABLE.encode(random.nextBoolean())
                | UXN_TABLE.encode(random.nextBoolean())
                | AP_TABLE_0.encode(oneIn(40))
                | AP_TABLE_1.encode(oneIn(12))
                | NS_TABLE.encode(random.nextBoolean())
                | SOFTWARE.encode(random.nextInt(8))
                | ADDRESS.encodeAddress(table);
    }
}
