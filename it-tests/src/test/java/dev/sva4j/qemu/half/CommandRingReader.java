package dev.sva4j.qemu.half;

import dev.sva4j.qemu.PciConfig;
import dev.sva4j.qemu.Qtest;

/**
 * The DMA reads of an {@code intel-hda} without a codec: it takes 32-bit commands from its ring (CORB, High Definition
 * Audio Specification 1.0a, 3.3.18 to 3.3.23), finds nobody to give them to, and prints them.
 *
 * @param requester its own id on the secondary bus
 * @param bar address of its registers
 */
record CommandRingReader(int requester, long bar) {
    /** Bytes of one access. */
    static final int ACCESS = 4;

    /** How many accesses one order may have; the ring has 256 entries, and its base is less than 32 before the first. */
    static final int MAX_COUNT = 128;

    private static final int BASE_ALIGNMENT = 128;
    private static final int INDEX_MASK = 0xff;

    private static final int COMMAND = 0x04;
    private static final int MEMORY_AND_BUS_MASTER = 6;
    private static final int BAR0 = 0x10;

    private static final int GCTL = 0x08;
    private static final int GCTL_CRST = 1;
    private static final int CORBLBASE = 0x40;
    private static final int CORBUBASE = 0x44;
    private static final int CORBWP = 0x48;
    private static final int CORBRP = 0x4a;
    private static final int CORBCTL = 0x4c;
    private static final int CORBCTL_RUN = 2;
    private static final int RINTCNT = 0x5a;

    /** The device on the command line. */
    static String argument(String bus) {
        return "intel-hda,debug=2,bus=" + bus + ",addr=2";
    }

    /** Posts what makes it ready. The ring does not run while the number of answers to interrupt after is 0. */
    void enable(Qtest qtest, PciConfig config) {
        config.write32(qtest, requester, BAR0, (int) bar);
        config.write32(qtest, requester, COMMAND, MEMORY_AND_BUS_MASTER);
        qtest.write32(bar + GCTL, GCTL_CRST);
        qtest.write16(bar + RINTCNT, 1);
        qtest.write8(bar + CORBCTL, CORBCTL_RUN);
    }

    /**
     * Posts reads of {@code count} 32-bit words.
     *
     * @param address of the first, a multiple of 4
     * @param count 1 to {@link #MAX_COUNT}
     */
    void read(Qtest qtest, long address, int count) {
        long base = address & -BASE_ALIGNMENT;
        int first = (int) (address - base) / ACCESS;
        qtest.write32(bar + CORBLBASE, (int) base);
        qtest.write32(bar + CORBUBASE, (int) (base >>> 32));
        // The ring's owner has set aside entries up to the write pointer; the device goes on after its read pointer.
        qtest.write16(bar + CORBRP, (first - 1) & INDEX_MASK);
        qtest.write16(bar + CORBWP, first + count - 1);
    }
}
