package dev.sva4j.vendor.smmu.layout;

/**
 * Invalidation of TLB entries (IHI 0070 §4), each command as its two words. None of these touches a configuration
 * cache or a device's ATC.
 *
 * <p>Where no second word is named it is 0. Commands by address share {@link #addressWord1}; {@link TlbiRange} turns one
 * page into a range.
 */
public final class TlbiCommands {

    private TlbiCommands() {}

    public static long nhAllWord0(int vmid) {
        return CommandOpcode.CMD_TLBI_NH_ALL.word0() | Command.VMID.encode(vmid);
    }

    public static long nhAsidWord0(int vmid, int asid) {
        return CommandOpcode.CMD_TLBI_NH_ASID.word0() | Command.VMID.encode(vmid) | Command.ASID.encode(asid);
    }

    public static long nhVaWord0(int vmid, int asid) {
        return CommandOpcode.CMD_TLBI_NH_VA.word0() | Command.VMID.encode(vmid) | Command.ASID.encode(asid);
    }

    public static long nhVaaWord0(int vmid) {
        return CommandOpcode.CMD_TLBI_NH_VAA.word0() | Command.VMID.encode(vmid);
    }

    public static long el2AllWord0() {
        return CommandOpcode.CMD_TLBI_EL2_ALL.word0();
    }

    public static long el2AsidWord0(int asid) {
        return CommandOpcode.CMD_TLBI_EL2_ASID.word0() | Command.ASID.encode(asid);
    }

    public static long el2VaWord0(int asid) {
        return CommandOpcode.CMD_TLBI_EL2_VA.word0() | Command.ASID.encode(asid);
    }

    public static long el2VaaWord0() {
        return CommandOpcode.CMD_TLBI_EL2_VAA.word0();
    }

    public static long s12VmallWord0(int vmid) {
        return CommandOpcode.CMD_TLBI_S12_VMALL.word0() | Command.VMID.encode(vmid);
    }

    public static long s2IpaWord0(int vmid) {
        return CommandOpcode.CMD_TLBI_S2_IPA.word0() | Command.VMID.encode(vmid);
    }

    /** Second word of CMD_TLBI_S2_IPA. */
    public static long s2IpaWord1(long ipa, boolean leaf) {
        return Command.IPA.encodeAddress(ipa) | Command.LEAF.encode(leaf);
    }

    /** Whether a command for one VMID reaches entries of another: CR0.VMW makes low bits not count. */
    public static boolean reachesVmid(long word0, long vmid, long cr0) {
        return (Command.VMID.get(word0) ^ vmid) >>> ControlRegisters.CR0_VMW.get(cr0) == 0;
    }

    public static long nsnhAllWord0() {
        return CommandOpcode.CMD_TLBI_NSNH_ALL.word0();
    }

    /** Second word of the commands by virtual address. */
    public static long addressWord1(long address, boolean leaf) {
        return Command.ADDRESS.encodeAddress(address) | Command.LEAF.encode(leaf);
    }
}
