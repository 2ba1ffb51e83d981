package dev.sva4j.qemu.half;

import dev.sva4j.qemu.PciConfig;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.spi.MemoryRange;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A kind of machine with an IOMMU.
 *
 * @param name as QEMU calls it
 * @param target what QEMU is needed for it
 * @param arguments the machine, its processor and its IOMMU, on the command line of this QEMU
 * @param registers where those of the IOMMU are
 * @param rooms where memory in one piece may be
 * @param bridgeWindows where memory windows of PCI bridges may be
 * @param config how its PCI functions are reached
 * @param trace how its IOMMU tells of accesses
 */
record Board(
        String name,
        String target,
        Function<QemuBinary, List<String>> arguments,
        long registers,
        List<Room> rooms,
        long bridgeWindows,
        PciConfig config,
        AccessTrace trace) {
    private static final long GIB = 1L << 30;

    /** Sizes of memory are multiples of this. */
    private static final long RAM_GRANULE = 8192;

    /** Arm's {@code virt} with an SMMUv3. */
    static final Board VIRT_SMMU = new Board(
            "virt",
            "aarch64",
            Board::virtArguments,
            0x0905_0000L,
            List.of(new Room(new MemoryRange(GIB, 255 * GIB), GIB)),
            0x1010_0000L,
            new PciConfig.Ecam(0x40_1000_0000L),
            new SmmuTrace());

    /** Where memory of a PC that has less than 2.75 GiB ends. */
    private static final long Q35_LOW_RAM = 0xb000_0000L;

    /** A larger one has a hole from 2 GiB to 4 GiB. */
    private static final long Q35_HOLE = 2 * GIB;

    private static final long Q35_HIGH_RAM = Q35_LOW_RAM + Q35_HOLE;

    /** What 40 address bits of its processor reach. */
    private static final long Q35_END = 1024 * GIB;

    /** A PC with an AMD IOMMU. */
    static final Board Q35_AMD = new Board(
            "q35",
            "x86_64",
            // By default QEMU's AMD IOMMU translates nothing.
            binary -> List.of("-machine", "q35", "-device", "amd-iommu,pt=off"),
            0xfed8_0000L,
            List.of(
                    new Room(new MemoryRange(0, Q35_LOW_RAM), 0),
                    new Room(new MemoryRange(Q35_HIGH_RAM, Q35_END - Q35_HIGH_RAM), Q35_HOLE)),
            0xe000_0000L,
            new PciConfig.Ports(),
            new AmdTrace());

    private static List<String> virtArguments(QemuBinary binary) {
        // The SMMU of the newest "virt" has two stages, and QEMU ends when stage 2 is used in a way it does not know.
        String machine = binary.hasMachine("virt-9.1") ? "virt-9.1" : "virt";
        return List.of("-machine", machine + ",iommu=smmuv3", "-cpu", "cortex-a57");
    }

    /**
     * Addresses at which there may be memory.
     *
     * @param range the addresses
     * @param missing how much below them is no memory
     */
    record Room(MemoryRange range, long missing) {
        private boolean holds(MemoryRange memory) {
            return memory.start() >= range.start() && memory.last() <= range.last() && memory.start() > missing;
        }
    }

    private Optional<Room> roomOf(MemoryRange range) {
        return (range.start() | range.length()) % RAM_GRANULE == 0
                ? rooms.stream().filter(room -> room.holds(range)).findFirst()
                : Optional.empty();
    }

    /** Why memory at {@code range} cannot be this machine's, or an empty string. */
    String obstacle(MemoryRange range) {
        return roomOf(range).isPresent()
                ? ""
                : String.format(
                        "memory of QEMU's %s is a multiple of 0x%x bytes in %s but not at its beginning, not 0x%x + 0x%x",
                        name,
                        RAM_GRANULE,
                        rooms.stream()
                                .map(room -> String.format("[0x%x, 0x%x]", room.range.start(), room.range.last()))
                                .collect(Collectors.joining(" or ")),
                        range.start(),
                        range.length());
    }

    /** How much memory the machine has below {@code range}. */
    long below(MemoryRange range) {
        return range.start() - roomOf(range).orElseThrow().missing();
    }
}
