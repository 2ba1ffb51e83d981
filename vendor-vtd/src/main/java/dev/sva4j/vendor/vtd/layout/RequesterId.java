package dev.sva4j.vendor.vtd.layout;

/** A source identifier taken apart (VT-d 3.4.1): bus in bits 15:8, device and function in bits 7:0. */
public final class RequesterId {

    private RequesterId() {}

    /** Whether it has no more than bus, device and function. */
    public static boolean isValid(long sid) {
        return sid >>> 16 == 0;
    }

    /** Index into the root table. */
    public static int bus(long sid) {
        return (int) (sid >>> 8) & 0xff;
    }

    /** Index into the context table of the bus. */
    public static int devfn(long sid) {
        return (int) sid & 0xff;
    }

    /** The requester of a bus, device and function. */
    public static int of(int bus, int devfn) {
        return bus << 8 | devfn;
    }
}
