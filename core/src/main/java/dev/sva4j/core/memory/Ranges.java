package dev.sva4j.core.memory;

import dev.sva4j.spi.MemoryRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Arithmetic on lists of {@link MemoryRange}. Addresses are unsigned. */
final class Ranges {
    /** Ascending start addresses. */
    static final Comparator<MemoryRange> BY_START = (a, b) -> Long.compareUnsigned(a.start(), b.start());

    private Ranges() {}

    /**
     * The same bytes in ascending order with neighbours merged, unmodifiable. Two that adjoin stay apart if their sum
     * has no positive length.
     *
     * @throws IllegalArgumentException if two overlap
     */
    static List<MemoryRange> merged(List<MemoryRange> ranges) {
        List<MemoryRange> result = new ArrayList<>();
        for (MemoryRange next : ranges.stream().sorted(BY_START).toList()) {
            MemoryRange before = result.isEmpty() ? null : result.get(result.size() - 1);
            if (before != null && Long.compareUnsigned(next.start(), before.last()) <= 0) {
                throw new IllegalArgumentException(String.format(
                        "memory ranges 0x%x + 0x%x and 0x%x + 0x%x overlap",
                        before.start(), before.length(), next.start(), next.length()));
            }
            if (before != null && before.last() + 1 == next.start() && before.length() + next.length() > 0) {
                result.set(result.size() - 1, new MemoryRange(before.start(), before.length() + next.length()));
            } else {
                result.add(next);
            }
        }
        return List.copyOf(result);
    }

    /**
     * Whether ascending, merged {@code ranges} hold every byte of {@code [pa, pa + length)}; an empty range is
     * anywhere.
     */
    static boolean contains(List<MemoryRange> ranges, long pa, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("negative length " + length);
        }
        if (length == 0) {
            return true;
        }
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            MemoryRange range = ranges.get(middle);
            if (Long.compareUnsigned(pa, range.start()) < 0) {
                high = middle - 1;
            } else if (Long.compareUnsigned(pa, range.last()) > 0) {
                low = middle + 1;
            } else {
                return range.contains(pa, length);
            }
        }
        return false;
    }

    /** For messages: {@code 0x0-0xfff, 0x8000-0x8fff}. */
    static String describe(List<MemoryRange> ranges) {
        return ranges.stream()
                .limit(8)
                .map(range -> String.format("0x%x-0x%x", range.start(), range.last()))
                .collect(Collectors.joining(", ", "", ranges.size() > 8 ? ", … (" + ranges.size() + " ranges)" : ""));
    }
}
