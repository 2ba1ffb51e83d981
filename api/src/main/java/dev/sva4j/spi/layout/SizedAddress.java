package dev.sva4j.spi.layout;

import org.apiguardian.api.API;

/**
 * An aligned block whose size is in the low bits of its address: what PCIe ATS does in invalidations and completions
 * with S = 1 (PCIe base specification, chapter 10), and with it VT-d, and AMD also in page tables.
 *
 * <p>The lowest bit at 12 or above that is 0, bit {@code b}, makes it {@code 2^(b+1)} bytes; the bits below are 1
 * whatever the address is. So the smallest block has 8 KiB, and all of 64 bits is {@code 0x7fff_ffff_ffff_f000}.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class SizedAddress {
    /** log2 of the whole address space. */
    public static final int LOG2_ALL = 64;

    private static final long OFFSET = 0xFFF;

    private SizedAddress() {}

    /**
     * Address bits 63:12 of the block of {@code 2^log2Size} bytes around {@code address}.
     *
     * @param log2Size 13 … 64
     */
    public static long encode(long address, int log2Size) {
        return base(address, log2Size) | (((1L << (log2Size - 1)) - 1) & ~OFFSET);
    }

    /** log2 of the size that the bits mean, 13 … 64. All 1 has no meaning in any manual; it counts as all addresses. */
    public static int log2Size(long sizedAddress) {
        return Math.min(Long.numberOfTrailingZeros(~(sizedAddress | OFFSET)) + 1, LOG2_ALL);
    }

    /** First address of the block of {@code 2^log2Size} bytes around an address. */
    public static long base(long address, int log2Size) {
        return log2Size == LOG2_ALL ? 0 : address & (-1L << log2Size);
    }
}
