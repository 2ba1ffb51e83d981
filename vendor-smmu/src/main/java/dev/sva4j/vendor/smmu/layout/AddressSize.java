package dev.sva4j.vendor.smmu.layout;

/** The encoding of address sizes that IDR5.OAS, CD.IPS and STE.S2PS share (IHI 0070 §6, §5.4, §5.2). */
public final class AddressSize {

    private AddressSize() {}

    /** Number of address bits of this encoding. CD.IPS and STE.S2PS go up to 6; 7 is 56 bits in IDR5.OAS only. */
    public static int bits(long encoding) {
        return switch ((int) encoding) {
            case 0 -> 32;
            case 1 -> 36;
            case 2 -> 40;
            case 3 -> 42;
            case 4 -> 44;
            case 5 -> 48;
            case 6 -> 52;
            case 7 -> 56;
            default -> throw new IllegalArgumentException("address size encoding " + encoding + " has 3 bits");
        };
    }

    /** The encoding of this number of address bits. */
    public static int encoding(int bits) {
        for (int encoding = 0; encoding <= 7; encoding++) {
            if (bits(encoding) == bits) {
                return encoding;
            }
        }
        throw new IllegalArgumentException("no encoding for addresses of " + bits + " bits");
    }

    /** Whether {@code address} has no bit beyond {@code bits}. */
    public static boolean fits(long address, int bits) {
        return bits >= Long.SIZE || address >>> bits == 0;
    }
}
