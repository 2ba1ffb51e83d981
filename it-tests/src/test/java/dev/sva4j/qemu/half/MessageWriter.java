package dev.sva4j.qemu.half;

import dev.sva4j.qemu.PciConfig;
import dev.sva4j.qemu.Qtest;

/**
 * The DMA writes of a {@code rocker}: messages (MSI-X) with any data to any address, each sent by a write to its test
 * register.
 *
 * @param requester its own id on the secondary bus
 * @param bar address of its registers; those of the MSI-X table follow
 */
record MessageWriter(int requester, long bar) {
    /** Bytes of one access. */
    static final int ACCESS = 4;

    private static final long TABLE_OFFSET = 0x4000;

    // PCI configuration space; the MSI-X capability is where this device has it.
    private static final int COMMAND = 0x04;
    private static final int MEMORY_AND_BUS_MASTER = 6;
    private static final int BAR0 = 0x10;
    private static final int BAR1 = 0x14;
    private static final int MSIX_CAPABILITY = 0x40;
    private static final int MSIX_ENABLE = 1 << 31;

    // The first entry of the MSI-X table (PCI Local Bus Specification 3.0, 6.8.2).
    private static final int MESSAGE_ADDRESS = 0x0;
    private static final int MESSAGE_DATA = 0x8;
    private static final int VECTOR_CONTROL = 0xc;

    private static final int TEST_IRQ = 0x20;

    /** The device on the command line. */
    static String argument(String bus, String name) {
        return "rocker,name=" + name + ",bus=" + bus + ",addr=1";
    }

    /** Posts what makes it ready. */
    void enable(Qtest qtest, PciConfig config) {
        config.write32(qtest, requester, BAR0, (int) bar);
        config.write32(qtest, requester, BAR1, (int) (bar + TABLE_OFFSET));
        config.write32(qtest, requester, COMMAND, MEMORY_AND_BUS_MASTER);
        config.write32(qtest, requester, MSIX_CAPABILITY, MSIX_ENABLE);
        qtest.write32(bar + TABLE_OFFSET + VECTOR_CONTROL, 0);
    }

    /** Posts a write of 32 bits, which need not be aligned but must lie in one page. */
    void write(Qtest qtest, long address, int value) {
        qtest.write64(bar + TABLE_OFFSET + MESSAGE_ADDRESS, address);
        qtest.write32(bar + TABLE_OFFSET + MESSAGE_DATA, value);
        qtest.write32(bar + TEST_IRQ, 0);
    }
}
