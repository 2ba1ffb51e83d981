package dev.sva4j.vendor.smmu.layout;

/**
 * Invalidation of device TLBs and answers to page requests (IHI 0070 §3.9, §4), each command as its two words.
 *
 * <p>An invalidation covers an aligned block of {@code 4096 * 2^Size} bytes, so an arbitrary range becomes the smallest
 * block that holds it.
 */
public final class AtsCommands {

    /** CMD_ATC_INV.Size of the whole address space. Larger values may be refused. */
    public static final int SIZE_ALL = 52;

    private static final int LOG2_PAGE = 12;

    private AtsCommands() {}

    public static long atcInvWord0(boolean ssv, int ssid, long sid, boolean global) {
        return CommandOpcode.CMD_ATC_INV.word0()
                | Command.GLOBAL.encode(global)
                | Command.SSV.encode(ssv)
                | Command.SUBSTREAMID.encode(ssid)
                | Command.STREAMID.encode(sid);
    }

    /** Invalidates the smallest block around {@code [address, address + bytes)}; {@code bytes} is at least 1. */
    public static long atcInvWord1(long address, long bytes) {
        int size = blockSize(address, bytes);
        long block = size >= SIZE_ALL ? 0 : address & (-1L << (size + LOG2_PAGE));
        return Command.ATC_SIZE.encode(size) | Command.ADDRESS.encodeAddress(block);
    }

    /** Invalidates every address. */
    public static long atcInvAllWord1() {
        return Command.ATC_SIZE.encode(SIZE_ALL);
    }

    /** Whether an invalidation covers this address; hardware aligns the command's address down. */
    public static boolean covers(long word1, long address) {
        long size = Command.ATC_SIZE.get(word1);
        return size >= SIZE_ALL || (Command.ADDRESS.getAddress(word1) ^ address) >>> (size + LOG2_PAGE) == 0;
    }

    /** Size of the smallest aligned block around a range. */
    private static int blockSize(long address, long bytes) {
        if (bytes == 0) {
            throw new IllegalArgumentException("an empty range has no block");
        }
        long firstPage = address >>> LOG2_PAGE;
        long lastPage = (address + bytes - 1) >>> LOG2_PAGE;
        return Long.SIZE - Long.numberOfLeadingZeros(firstPage ^ lastPage);
    }

    public static long priRespWord0(boolean ssv, int ssid, long sid) {
        return CommandOpcode.CMD_PRI_RESP.word0()
                | Command.SSV.encode(ssv)
                | Command.SUBSTREAMID.encode(ssid)
                | Command.STREAMID.encode(sid);
    }

    public static long priRespWord1(int prgIndex, PriResponse response) {
        return Command.PRG_INDEX.encode(prgIndex) | Command.RESP.encode(response.code());
    }
}
