package dev.sva4j.vendor.smmu.layout;

/** Hints to fetch configuration or translations early (IHI 0070 §4), each command as its two words. */
public final class PrefetchCommands {

    private PrefetchCommands() {}

    /** The second word is 0. */
    public static long prefetchConfigWord0(boolean ssv, int ssid, long sid) {
        return word0(CommandOpcode.CMD_PREFETCH_CONFIG, ssv, ssid, sid);
    }

    public static long prefetchAddrWord0(boolean ssv, int ssid, long sid) {
        return word0(CommandOpcode.CMD_PREFETCH_ADDR, ssv, ssid, sid);
    }

    public static long prefetchAddrWord1(long address, int size, int stride) {
        return Command.ADDRESS.encodeAddress(address)
                | Command.PREFETCH_SIZE.encode(size)
                | Command.PREFETCH_STRIDE.encode(stride);
    }

    private static long word0(CommandOpcode opcode, boolean ssv, int ssid, long sid) {
        return opcode.word0()
                | Command.SSV.encode(ssv)
                | Command.SUBSTREAMID.encode(ssid)
                | Command.STREAMID.encode(sid);
    }
}
