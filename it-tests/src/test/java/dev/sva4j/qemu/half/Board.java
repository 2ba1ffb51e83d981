package dev.sva4j.qemu.half;

import dev.sva4j.qemu.PciConfig;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.spi.MemoryRange;
import java.util.List;
import java.util.function.Function;

/**
 * A kind of machine with an IOMMU.
 *
 * @param name as QEMU calls it
 * @param target what QEMU is needed for it
 * @param arguments the machine, its processor and its IOMMU, on the command line of this QEMU
 * @param registers where those of the IOMMU are
 * @param ram where its memory may be: from its beginning, in one piece
 * @param bridgeWindows where memory windows of PCI bridges may be
 * @param config how its PCI functions are reached
 * @param trace how its IOMMU tells of accesses
 */
record Board(
        String name,
        String target,
        Function<QemuBinary, List<String>> arguments,
        long registers,
        MemoryRange ram,
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
            new MemoryRange(GIB, 255 * GIB),
            0x1010_0000L,
            new PciConfig.Ecam(0x40_1000_0000L),
            new SmmuTrace());

    /** A PC with an AMD IOMMU. More memory than 2.75 GiB would leave a hole where its system memory is expected. */
    static final Board Q35_AMD = new Board(
            "q35",
            "x86_64",
            // By default QEMU's AMD IOMMU translates nothing.
            binary -> List.of("-machine", "q35", "-device", "amd-iommu,pt=off"),
            0xfed8_0000L,
            new MemoryRange(0, 0xb000_0000L - RAM_GRANULE),
            0xe000_0000L,
            new PciConfig.Ports(),
            new AmdTrace());

    private static List<String> virtArguments(QemuBinary binary) {
        // The SMMU of the newest "virt" has two stages, and QEMU ends when stage 2 is used in a way it does not know.
        String machine = binary.hasMachine("virt-9.1") ? "virt-9.1" : "virt";
        return List.of("-machine", machine + ",iommu=smmuv3", "-cpu", "cortex-a57");
    }

    /** Why memory at {@code range} cannot be this machine's, or an empty string. */
    String obstacle(MemoryRange range) {
        boolean fits = range.start() > ram.start() && range.last() <= ram.last();
        return fits && (range.start() | range.length()) % RAM_GRANULE == 0
                ? ""
                : String.format(
                        "memory of QEMU's %s is a multiple of 0x%x bytes somewhere between 0x%x and 0x%x, not 0x%x + 0x%x",
                        name, RAM_GRANULE, ram.start() + RAM_GRANULE, ram.last(), range.start(), range.length());
    }
}
