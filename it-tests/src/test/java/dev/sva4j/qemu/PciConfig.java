package dev.sva4j.qemu;

/** How software reaches the configuration space of PCI functions. */
public sealed interface PciConfig {
    /** Posts a write of 32 bits to a register of a function. */
    void write32(Qtest qtest, int requester, int register, int value);

    /** A window of physical memory, 4 KiB per function (PCIe, "Enhanced Configuration Access Mechanism"). */
    record Ecam(long base) implements PciConfig {
        @Override
        public void write32(Qtest qtest, int requester, int register, int value) {
            qtest.write32(base + ((long) requester << 12) + register, value);
        }
    }

    /** The two I/O ports of a PC (PCI, "Configuration Mechanism #1"). */
    record Ports() implements PciConfig {
        private static final int ADDRESS = 0xcf8;
        private static final int DATA = 0xcfc;
        private static final int ENABLE = 1 << 31;

        @Override
        public void write32(Qtest qtest, int requester, int register, int value) {
            qtest.out32(ADDRESS, ENABLE | requester << 8 | register);
            qtest.out32(DATA, value);
        }
    }
}
