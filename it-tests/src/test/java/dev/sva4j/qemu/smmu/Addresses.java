package dev.sva4j.qemu.smmu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Which addresses a case uses. Tables and data are all over memory, but on few pages: a sparse file grows by each that
 * is touched. What may go wrong must not reach the registers of QEMU's other devices.
 */
final class Addresses {
    private static final long GIB = 1L << 30;
    private static final long END = Bench.RAM.last() + 1;

    /** Below: flash memory without content. */
    private static final long FLASH_END = 0x0800_0000L;

    // PCI memory space where no device is, and the interrupt controller and configuration space behind memory.
    private static final long PCI_START = 0x1800_0000L;
    private static final long PCI_END = 0x3e00_0000L;
    private static final long DEVICES_START = 255 * GIB;
    private static final long DEVICES_END = 257 * GIB;

    /** Behind PCI's 64-bit space, where reads end well although nothing is there. */
    private static final long PCI_64_END = 1024 * GIB;

    private static final int LOG2_SLOT = 16;
    private static final int SLOTS_PER_BASE = 10;
    private static final long FIRST_BASE = GIB + 0x20_0000L;
    private static final long[] BASES = {
        FIRST_BASE,
        0x6000_0000L,
        0x8000_0000L,
        0x1_0000_0000L,
        0x2_0000_0000L,
        0x4_0000_0000L,
        0x8_0000_0000L,
        0xf_0000_0000L
    };

    private static final int PAGE_SHIFT = 12;

    /** Sizes of leaves and, for what is taken as one by mistake, of tables: masks of what is left of an address. */
    private static final int[] OFFSET_BITS = {36, 39, 42, 47, 48};

    private final SplittableRandom random;

    /** Slots for tables that are not taken. */
    private final List<Long> slots = new ArrayList<>();

    Addresses(SplittableRandom random) {
        this.random = random;
        for (long base : BASES) {
            for (int i = 0; i < SLOTS_PER_BASE; i++) {
                slots.add(base + ((long) i << LOG2_SLOT));
            }
        }
        Collections.shuffle(slots, new Random(random.nextLong()));
    }

    /** Room for a table of {@code bytes}, aligned to its size, at most 64 KiB. */
    long table(long bytes) {
        long slot = slots.remove(slots.size() - 1);
        long places = (1L << LOG2_SLOT) / bytes;
        return slot + random.nextLong(places) * bytes;
    }

    /** Where a leaf of {@code 1 << shift} bytes leads to. */
    long output(int shift) {
        long top = 1L << (30 + random.nextInt(6));
        return switch (random.nextInt(4)) {
            case 0 -> Math.max(top, 1L << shift);
            case 1 -> END - (1L << shift) & -(1L << shift);
            default -> shift > 29 ? Math.max(top, 1L << shift) : top | 1L << (shift + random.nextInt(30 - shift));
        };
    }

    /** An offset into a leaf, of four aligned bytes. */
    long offset(int shift) {
        int bits = shift - PAGE_SHIFT;
        long page = bits == 0
                ? 0
                : switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> (1L << bits) - 1;
                    default -> 1L << random.nextInt(bits);
                };
        return page << PAGE_SHIFT | random.nextLong(1 << PAGE_SHIFT - 2) << 2;
    }

    /** An address of physical memory that nobody answers at. */
    long nowhere() {
        return END + (random.nextLong(DEVICES_START - END) & -4096);
    }

    /** Whether a device may use the address, whatever becomes of it. */
    static boolean isHarmless(long address) {
        if (!isHarmlessOutput(address)) {
            return false;
        }
        for (int bits : OFFSET_BITS) {
            if (!isHarmlessOutput(address & (1L << bits) - 1)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a device may write there without disturbing QEMU, the tables or the queues. */
    static boolean isHarmlessOutput(long address) {
        boolean empty = address >= 0 && address < FLASH_END
                || address >= PCI_START && address < PCI_END
                || address >= GIB && address < DEVICES_START
                || Long.compareUnsigned(address, DEVICES_END) >= 0;
        return empty && !isTable(address);
    }

    /** Whether a table there, by mistake or not, does no harm: reading registers may. */
    static boolean isHarmlessPointer(long address) {
        return address >= GIB && address < DEVICES_START || Long.compareUnsigned(address, PCI_64_END) >= 0;
    }

    private static boolean isTable(long address) {
        if (address >= Bench.RAM.start() && address < FIRST_BASE) {
            return true;
        }
        for (long base : BASES) {
            if (address >= base && address < base + ((long) SLOTS_PER_BASE << LOG2_SLOT)) {
                return true;
            }
        }
        return false;
    }
}
