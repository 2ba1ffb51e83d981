package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * cc_inv, the context-cache invalidate descriptor (VT-d 6.5.2). Word 1 is 0.
 *
 * <p>In scalable mode there is no domain in a context entry: DID does not count, and a domain is everything.
 */
public final class ContextCacheInvalidate {

    static final int TYPE = 1;

    public static final int G_GLOBAL = 1;
    public static final int G_DOMAIN = 2;
    public static final int G_DEVICE = 3;

    public static final StructLayout LAYOUT = DescriptorType.layout("cc_inv")
            .field("G", 0, 5, 4, "granularity")
            .values("", "global", "domain", "device")
            .field("DID", 0, 31, 16, "domain")
            .field("SID", 0, 47, 32, "requester")
            .field("FM", 0, 49, 48, "function bits that do not count")
            .values("none", "bit 2", "bits 2:1", "bits 2:0")
            .build();

    public static final BitField G = LAYOUT.field("G");
    public static final BitField DID = LAYOUT.field("DID");
    public static final BitField SID = LAYOUT.field("SID");
    public static final BitField FM = LAYOUT.field("FM");

    private ContextCacheInvalidate() {}

    public static long globalWord0() {
        return DescriptorType.word0(TYPE) | G.encode(G_GLOBAL);
    }

    public static long domainWord0(int did) {
        return DescriptorType.word0(TYPE) | G.encode(G_DOMAIN) | DID.encode(did);
    }

    public static long deviceWord0(int did, long sid) {
        return DescriptorType.word0(TYPE) | G.encode(G_DEVICE) | DID.encode(did) | SID.encode(sid);
    }

    /** Whether a device-selective descriptor reaches this requester: FM masks low bits of the function. */
    public static boolean reachesDevice(long word0, long sid) {
        long ignored = switch ((int) FM.get(word0)) {
            case 0 -> 0;
            case 1 -> 0b100;
            case 2 -> 0b110;
            default -> 0b111;
        };
        return ((SID.get(word0) ^ sid) & ~ignored) == 0;
    }
}
