package dev.sva4j.qemu.half;

import dev.sva4j.qemu.PciConfig;
import dev.sva4j.qemu.Qtest;
import java.util.List;

/**
 * A requester id with a device that writes and one that reads: both behind a conventional PCI bridge, which stands in
 * for them on the root bus (PCI Express to PCI/PCI-X Bridge Specification 1.0, 2.3).
 */
final class BridgedFunction {
    /** Memory window of a bridge, the smallest there is. */
    private static final long WINDOW = 0x10_0000;

    private static final long READER_OFFSET = 0x1_0000;

    // Configuration header of a bridge (PCI-to-PCI Bridge Architecture Specification 1.2, 3.2).
    private static final int COMMAND = 0x04;
    private static final int MEMORY_AND_BUS_MASTER = 6;
    private static final int BUS_NUMBERS = 0x18;
    private static final int MEMORY_BASE_AND_LIMIT = 0x20;

    private final int requester;
    private final int bus;
    private final long window;
    private final MessageWriter writer;
    private final CommandRingReader reader;

    /**
     * A function that is not ready yet.
     *
     * @param requester of a device on bus 0, function 0
     * @param bus number for the bus behind the bridge, as nobody else has
     * @param windows where windows are; this one is the one with the number of the bus
     */
    BridgedFunction(int requester, int bus, long windows) {
        this.requester = requester;
        this.bus = bus;
        this.window = windows + bus * WINDOW;
        this.writer = new MessageWriter(bus << 8 | 1 << 3, window);
        this.reader = new CommandRingReader(bus << 8 | 2 << 3, window + READER_OFFSET);
    }

    /** The devices on the command line. */
    List<String> arguments() {
        String name = "behind" + bus;
        return List.of(
                "-device",
                "pci-bridge,id=" + name + ",chassis_nr=" + bus + ",shpc=off,addr="
                        + Integer.toHexString(requester >> 3),
                "-device",
                MessageWriter.argument(name, "switch" + bus),
                "-device",
                CommandRingReader.argument(name));
    }

    /** Posts what makes it ready. */
    void enable(Qtest qtest, PciConfig config) {
        config.write32(qtest, requester, BUS_NUMBERS, bus << 16 | bus << 8);
        // Both halves hold address bits 31:20; the window is one MiB, so base and limit are the same.
        int megabyte = (int) (window >>> 16);
        config.write32(qtest, requester, MEMORY_BASE_AND_LIMIT, megabyte << 16 | megabyte);
        config.write32(qtest, requester, COMMAND, MEMORY_AND_BUS_MASTER);
        writer.enable(qtest, config);
        reader.enable(qtest, config);
    }

    MessageWriter writer() {
        return writer;
    }

    CommandRingReader reader() {
        return reader;
    }
}
