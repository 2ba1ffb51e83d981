package dev.sva4j.steptest.model;

/** The devices of a run, one per slot. */
public enum DeviceKind {
    PCI_PRI(true, true, false, 20),
    PLATFORM_STALL(false, false, true, 16),
    PCI_PLAIN(false, false, false, 20),
    PCI_ATS(true, false, false, 20),
    PCI_PRI_NARROW(true, true, false, 3);

    public final boolean ats;
    public final boolean pri;
    public final boolean stall;
    public final int pasidBits;

    DeviceKind(boolean ats, boolean pri, boolean stall, int pasidBits) {
        this.ats = ats;
        this.pri = pri;
        this.stall = stall;
        this.pasidBits = pasidBits;
    }

    /** Whether it has any way to recover from faults. */
    boolean canRecover() {
        return pri || stall;
    }

    /** The highest number that it can emit; runs never use it for a process. */
    public int maxPasid() {
        return (1 << pasidBits) - 1;
    }
}
