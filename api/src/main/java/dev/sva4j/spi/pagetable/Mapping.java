package dev.sva4j.spi.pagetable;

import org.apiguardian.api.API;

/**
 * One leaf as software has found it.
 *
 * <p>A leaf which its format repeats in neighbouring entries is found once per entry, each with its own share of the
 * memory.
 *
 * @param va first address that it translates
 * @param oa output address of that byte
 * @param shift log2 of the bytes that it maps
 * @param level of the entry
 * @param attributes {@link Attributes} bits in effect: what tables above take away is taken away
 * @param entryAddress physical address of the entry
 * @param entry the entry itself
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record Mapping(long va, long oa, int shift, int level, int attributes, long entryAddress, long entry) {

    /** The last address that it translates. */
    public long last() {
        return va | Bits.low(shift);
    }

    /** Bytes that it maps; 0 stands for 2<sup>64</sup>. */
    public long size() {
        return Bits.low(shift) + 1;
    }

    /** Output address for an address within. */
    public long translate(long address) {
        return oa | (address & Bits.low(shift));
    }

    /** Whether every one of these {@link Attributes} or {@link Rights} bits is set. */
    public boolean has(int wanted) {
        return (attributes & wanted) == wanted;
    }

    Mapping withAttributes(int other) {
        return other == attributes ? this : new Mapping(va, oa, shift, level, other, entryAddress, entry);
    }
}
