package dev.sva4j.core.memory;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Physical memory in the Java heap: one flat {@code long[]} per region, with holes between the regions.
 *
 * <p>Flat because a page walk through an array of chunks takes half as long again; {@code long[]} because byte arrays
 * lost their atomic views in newer JDKs. The first region is kept in fields of its own: most systems have one, and
 * looking it up is then one subtraction and one comparison.
 *
 * <p>Thread-safe. No access allocates (but see {@link WordCopy} for long blocks on JDK 17). Bytes of a block that do
 * not fill an aligned word are merged into it by compare-and-set, so a store never disturbs the other bytes of the
 * word, whoever writes those at the same time. Whole words of a block are stored as words.
 *
 * <p>Word accesses to a misaligned address end in an {@link IllegalArgumentException}: no bus master can issue them, so
 * they are a programming error and not a fault to report.
 */
public final class HeapMemory implements PhysicalMemory {
    /** Longest region in bytes (8 GiB); a longer range is given as several regions that adjoin. */
    public static final long MAX_REGION_LENGTH = 1L << 33;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final String HOLE = "no memory there";

    /** The regions in ascending order; immutable. */
    private final Region[] regions;

    /** What {@link #ranges()} answers; immutable. */
    private final List<MemoryRange> ranges;

    /** {@code regions[0].base}. */
    private final long base0;

    /**
     * {@code regions[0].words}: the reference never changes; the contents are what any thread may access in any mode.
     */
    private final long[] words0;

    /**
     * Memory of the given regions, zeroed. They may be in any order and may adjoin, but not overlap.
     *
     * @throws IllegalArgumentException if there is none, if two overlap, or if a start or length is not a multiple of 8
     *     or a length exceeds {@link #MAX_REGION_LENGTH}
     */
    public HeapMemory(List<MemoryRange> regions) {
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("memory needs at least one region");
        }
        for (MemoryRange range : regions) {
            if (((range.start() | range.length()) & 7) != 0 || range.length() > MAX_REGION_LENGTH) {
                throw new IllegalArgumentException(String.format(
                        "memory region 0x%x + 0x%x: start and length must be multiples of 8, the length at most 0x%x",
                        range.start(), range.length(), MAX_REGION_LENGTH));
            }
        }
        // Merging refuses overlaps, so it comes before the words are allocated.
        this.ranges = Ranges.merged(regions);
        this.regions = regions.stream()
                .sorted(Ranges.BY_START)
                .map(range -> new Region(range.start(), new long[(int) (range.length() >>> 3)]))
                .toArray(Region[]::new);
        this.base0 = this.regions[0].base;
        this.words0 = this.regions[0].words;
    }

    /** Memory of one region of {@code length} bytes from physical address {@code base}, zeroed. */
    public HeapMemory(long base, long length) {
        this(List.of(new MemoryRange(base, length)));
    }

    @Override
    public long load(long pa) {
        // A misaligned address turns into an index far beyond the end, so one comparison refuses both.
        long index = Long.rotateRight(pa - base0, 3);
        long[] words = words0;
        if (Long.compareUnsigned(index, words.length) < 0) {
            return words[(int) index];
        }
        Region region = regionOfWord(pa);
        return region.words[region.index(pa)];
    }

    @Override
    public long loadAcquire(long pa) {
        long index = Long.rotateRight(pa - base0, 3);
        long[] words = words0;
        if (Long.compareUnsigned(index, words.length) < 0) {
            return (long) WORDS.getAcquire(words, (int) index);
        }
        Region region = regionOfWord(pa);
        return (long) WORDS.getAcquire(region.words, region.index(pa));
    }

    @Override
    public void store(long pa, long value) {
        long index = Long.rotateRight(pa - base0, 3);
        long[] words = words0;
        if (Long.compareUnsigned(index, words.length) < 0) {
            words[(int) index] = value;
            return;
        }
        Region region = regionOfWord(pa);
        region.words[region.index(pa)] = value;
    }

    @Override
    public void storeRelease(long pa, long value) {
        long index = Long.rotateRight(pa - base0, 3);
        long[] words = words0;
        if (Long.compareUnsigned(index, words.length) < 0) {
            WORDS.setRelease(words, (int) index, value);
            return;
        }
        Region region = regionOfWord(pa);
        WORDS.setRelease(region.words, region.index(pa), value);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        long index = Long.rotateRight(pa - base0, 3);
        long[] words = words0;
        if (Long.compareUnsigned(index, words.length) < 0) {
            return WORDS.compareAndSet(words, (int) index, expected, value);
        }
        Region region = regionOfWord(pa);
        return WORDS.compareAndSet(region.words, region.index(pa), expected, value);
    }

    @Override
    public void store32(long pa, int value) {
        if ((pa & 3) != 0) {
            throw misaligned(pa, 4);
        }
        Region region = regionOfWord(pa & ~7L);
        int shift = (int) (pa & 4) << 3;
        merge(region.words, region.index(pa & ~7L), (value & 0xffff_ffffL) << shift, 0xffff_ffffL << shift);
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        while (length > 0) {
            Region region = region(pa);
            int chunk = region.bytesFrom(pa, length);
            WordCopy.read(region.words, pa - region.base, target, offset, chunk);
            pa += chunk;
            offset += chunk;
            length -= chunk;
        }
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        while (length > 0) {
            Region region = region(pa);
            int chunk = region.bytesFrom(pa, length);
            WordCopy.write(region.words, pa - region.base, source, offset, chunk);
            pa += chunk;
            offset += chunk;
            length -= chunk;
        }
    }

    @Override
    public void zero(long pa, long length) {
        if (((pa | length) & 7) != 0 || length < 0) {
            throw new IllegalArgumentException(
                    String.format("zero(0x%x, 0x%x): address and length must be multiples of 8", pa, length));
        }
        while (length > 0) {
            Region region = regionOfWord(pa);
            int from = region.index(pa);
            int words = (int) Math.min(length >>> 3, region.words.length - from);
            Arrays.fill(region.words, from, from + words, 0);
            pa += (long) words << 3;
            length -= (long) words << 3;
        }
    }

    @Override
    public boolean contains(long pa, long length) {
        return Ranges.contains(ranges, pa, length);
    }

    @Override
    public List<MemoryRange> ranges() {
        return ranges;
    }

    @Override
    public String toString() {
        return "heap memory " + Ranges.describe(ranges);
    }

    /**
     * Replaces the bits of {@code mask} in a word and orders like a release; concurrent stores to its other bits
     * survive.
     */
    static void merge(long[] words, int index, long bits, long mask) {
        long old;
        do {
            old = words[index];
        } while (!WORDS.weakCompareAndSetRelease(words, index, old, (old & ~mask) | bits));
    }

    /** The region of a word access to {@code pa}. */
    private Region regionOfWord(long pa) {
        if ((pa & 7) != 0) {
            throw misaligned(pa, 8);
        }
        return region(pa);
    }

    private Region region(long pa) {
        int low = 0;
        int high = regions.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Long.compareUnsigned(regions[middle].base, pa) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Region region = regions[low];
        if (Long.compareUnsigned(pa - region.base, region.length()) >= 0) {
            throw new MemoryAbortException(pa, HOLE);
        }
        return region;
    }

    private static IllegalArgumentException misaligned(long pa, int bytes) {
        return new IllegalArgumentException(
                String.format("access to 0x%x: the address must be a multiple of %d", pa, bytes));
    }

    /** A region: its first physical address, a multiple of 8, and its words. */
    private static final class Region {
        final long base;
        final long[] words;

        Region(long base, long[] words) {
            this.base = base;
            this.words = words;
        }

        /** Bytes. */
        long length() {
            return (long) words.length << 3;
        }

        /** Index of the word that holds {@code pa}, which lies in this region. */
        int index(long pa) {
            return (int) ((pa - base) >>> 3);
        }

        /** How many of {@code length} bytes from {@code pa}, which lies in this region, it holds. */
        int bytesFrom(long pa, int length) {
            return (int) Math.min(length, length() - (pa - base));
        }
    }
}
