package dev.sva4j.vendor.smmu.layout;

/** Waiting for earlier commands, and how the wait ends (IHI 0070 §4.7), as two words. */
public final class SyncCommand {

    public static final int CS_NONE = 0;
    public static final int CS_IRQ = 1;
    public static final int CS_SEV = 2;

    /** MSIAttr of Normal write-back memory. */
    public static final int ATTR_OIWB = 0xf;

    private SyncCommand() {}

    /** Completion shows only in CMDQ_CONS. The second word is 0. */
    public static long noneWord0() {
        return CommandOpcode.CMD_SYNC.word0();
    }

    /** Completion raises a wake-up event. The second word is 0. */
    public static long sevWord0() {
        return word0(CS_SEV);
    }

    /** Completion writes {@code data} to the address in {@link #msiWord1}. */
    public static long msiWord0(int data) {
        return word0(CS_IRQ) | Command.MSI_DATA.encode(Integer.toUnsignedLong(data));
    }

    public static long msiWord1(long address) {
        return Command.MSI_ADDRESS.encodeAddress(address);
    }

    /** Both kinds of signal go with Inner Shareable write-back attributes, which a memory poller on the CPU needs. */
    private static long word0(int cs) {
        return CommandOpcode.CMD_SYNC.word0()
                | Command.CS.encode(cs)
                | Command.MSH.encode(Shareability.ISH)
                | Command.MSI_ATTR.encode(ATTR_OIWB);
    }
}
