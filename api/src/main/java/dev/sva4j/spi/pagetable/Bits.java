package dev.sva4j.spi.pagetable;

/** Shifts that are also right for a width of 64, where Java's wrap around. */
final class Bits {
    private Bits() {}

    /** The lowest {@code count} bits set, {@code count} from 0 to 64. */
    static long low(int count) {
        return count == 0 ? 0 : -1L >>> (64 - count);
    }

    static boolean isAligned(long value, int shift) {
        return (value & low(shift)) == 0;
    }

    static long min(long a, long b) {
        return Long.compareUnsigned(a, b) <= 0 ? a : b;
    }

    static long max(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }
}
