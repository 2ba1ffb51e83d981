package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.BitField;

/**
 * The fields of commands, which are two words long (IHI 0070 §4). Fields of different commands share positions;
 * {@link CommandOpcode} says which command has which.
 */
public final class Command {

    private static final String CMD = "CMD";

    /** Size of a command in words. */
    public static final int WORDS = 2;

    public static final BitField OPCODE = BitField.of(CMD, "Opcode", 0, 7, 0, "which command");

    /** Listed for every command, as the sheet has it in the common part; must be 0 on the Non-secure queue. */
    public static final BitField SSEC = BitField.bit(CMD, "SSec", 0, 10, "for a Secure stream");

    public static final BitField SSV = BitField.bit(CMD, "SSV", 0, 11, "SubstreamID valid");
    public static final BitField SUBSTREAMID = BitField.of(CMD, "SubstreamID", 0, 31, 12, "PASID");
    public static final BitField STREAMID = BitField.of(CMD, "StreamID", 0, 63, 32, "stream");
    public static final BitField VMID = BitField.of(CMD, "VMID", 0, 47, 32, "VMID tag");
    public static final BitField ASID = BitField.of(CMD, "ASID", 0, 63, 48, "ASID tag");
    public static final BitField LEAF = BitField.bit(CMD, "Leaf", 1, 0, "last level only");
    public static final BitField ADDRESS = BitField.address(CMD, "Address", 1, 63, 12, "virtual address");
    public static final BitField IPA = BitField.address(CMD, "Address", 1, 55, 12, "intermediate physical address");

    // CMD_PREFETCH_ADDR
    public static final BitField PREFETCH_SIZE = BitField.of(CMD, "Size", 1, 4, 0, "log2 of the span");
    public static final BitField PREFETCH_STRIDE = BitField.of(CMD, "Stride", 1, 9, 5, "log2 of the stride");

    // CMD_CFGI_STE_RANGE
    public static final BitField RANGE = BitField.of(CMD, "Range", 1, 4, 0, "aligned block of 2^(Range+1) StreamIDs")
            .withValue(31, "all");

    // Range invalidation (IDR3.RIL). SCALE is six bits wide; drivers and models in the field write the low five only.
    public static final BitField NUM = BitField.of(CMD, "NUM", 0, 16, 12, "(NUM+1) * 2^SCALE granules");
    public static final BitField SCALE = BitField.of(CMD, "SCALE", 0, 25, 20, "see NUM");
    public static final BitField TTL128 = BitField.bit(CMD, "TTL128", 1, 7, "level hint of 128-bit tables");
    public static final BitField TTL = BitField.of(CMD, "TTL", 1, 9, 8, "level of the leaf, 0 = any");
    public static final BitField TG = BitField.of(CMD, "TG", 1, 11, 10, "granule")
            .withValue(0, "no range, no level")
            .withValue(1, "4 KiB")
            .withValue(2, "16 KiB")
            .withValue(3, "64 KiB");

    // CMD_ATC_INV
    public static final BitField GLOBAL = BitField.bit(CMD, "Global", 0, 9, "entries of every PASID");
    public static final BitField ATC_SIZE =
            BitField.of(CMD, "Size", 1, 5, 0, "4096 * 2^Size bytes").withValue(52, "all");

    // CMD_PRI_RESP
    public static final BitField PRG_INDEX = BitField.of(CMD, "PRGIndex", 1, 8, 0, "page request group");
    public static final BitField RESP = BitField.of(CMD, "Resp", 1, 13, 12, "answer")
            .withValue(0, "Response Failure")
            .withValue(1, "Invalid Request")
            .withValue(2, "Success");

    // CMD_RESUME
    public static final BitField AC = BitField.bit(CMD, "Ac", 0, 12, "retry; 0 = terminate");
    public static final BitField AB = BitField.bit(CMD, "Ab", 0, 13, "terminate by abort; 0 = by RAZ/WI");
    public static final BitField STAG = BitField.of(CMD, "STAG", 1, 15, 0, "stalled transaction");

    // CMD_SYNC
    public static final BitField CS = BitField.of(CMD, "CS", 0, 13, 12, "signal of completion")
            .withValue(0, "none")
            .withValue(1, "interrupt or message")
            .withValue(2, "wake-up event");
    public static final BitField MSH = BitField.of(CMD, "MSH", 0, 23, 22, "shareability of the message");
    public static final BitField MSI_ATTR = BitField.of(CMD, "MSIAttr", 0, 27, 24, "memory type of the message");
    public static final BitField MSI_DATA = BitField.of(CMD, "MSIData", 0, 63, 32, "message data");
    public static final BitField MSI_ADDRESS =
            BitField.address(CMD, "MSIAddress", 1, 55, 2, "message address; 0 = interrupt wire");

    private Command() {}
}
