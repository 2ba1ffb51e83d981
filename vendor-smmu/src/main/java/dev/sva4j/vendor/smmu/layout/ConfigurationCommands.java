package dev.sva4j.vendor.smmu.layout;

/**
 * Invalidation of cached STEs and CDs (IHI 0070 §4.3), each command as its two words. None of these touches a TLB.
 */
public final class ConfigurationCommands {

    /** CMD_CFGI_STE_RANGE.Range that makes it CMD_CFGI_ALL. */
    public static final int RANGE_ALL = 31;

    private ConfigurationCommands() {}

    public static long cfgiSteWord0(long sid) {
        return CommandOpcode.CMD_CFGI_STE.word0() | Command.STREAMID.encode(sid);
    }

    /** With {@code leaf} false, the L1STD of the stream goes too. */
    public static long cfgiSteWord1(boolean leaf) {
        return Command.LEAF.encode(leaf);
    }

    public static long cfgiSteRangeWord0(long sid) {
        return CommandOpcode.CMD_CFGI_STE_RANGE.word0() | Command.STREAMID.encode(sid);
    }

    /** Invalidates the aligned block of {@code 2^log2Streams} StreamIDs; a block has two at least. */
    public static long cfgiSteRangeWord1(int log2Streams) {
        return Command.RANGE.encode(log2Streams - 1);
    }

    /** Whether the command's block holds this StreamID. */
    public static boolean rangeCovers(long word0, long word1, long sid) {
        long range = Command.RANGE.get(word1);
        return range == RANGE_ALL || (Command.STREAMID.get(word0) ^ sid) >>> (range + 1) == 0;
    }

    public static long cfgiAllWord0() {
        return CommandOpcode.CMD_CFGI_STE_RANGE.word0();
    }

    public static long cfgiAllWord1() {
        return Command.RANGE.encode(RANGE_ALL);
    }

    public static long cfgiCdWord0(long sid, int ssid) {
        return CommandOpcode.CMD_CFGI_CD.word0() | Command.SUBSTREAMID.encode(ssid) | Command.STREAMID.encode(sid);
    }

    /** With {@code leaf} false, the L1CD of the descriptor goes too. */
    public static long cfgiCdWord1(boolean leaf) {
        return Command.LEAF.encode(leaf);
    }

    /** The second word is 0. */
    public static long cfgiCdAllWord0(long sid) {
        return CommandOpcode.CMD_CFGI_CD_ALL.word0() | Command.STREAMID.encode(sid);
    }
}
