package dev.sva4j.qemu;

import dev.sva4j.core.memory.MappedMemory;
import dev.sva4j.spi.MemoryRange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A machine with an IOMMU that QEMU emulates: no processor runs, its memory is shared with this process, its registers
 * are reached through {@link Qtest}, and devices on its PCI bus do DMA when told to.
 *
 * <p>Closing it ends QEMU. Its memory stays as long as somebody holds it.
 */
public final class QemuMachine implements AutoCloseable {
    /** What is different from one kind of machine to the other. */
    private record Board(long bars, PciConfig config, List<MemoryRange> ranges, List<String> arguments) {}

    /** Registers of a device take less. */
    private static final long BAR_STEP = 0x10_0000;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final long GIB = 1L << 30;
    private static final long VIRT_RAM = GIB;
    /** What QEMU's device tree takes at most; a processor that does not run has no use for it. */
    private static final long VIRT_DEVICE_TREE = 2 << 20;

    private static final long VIRT_BARS = 0x1010_0000L;
    private static final PciConfig VIRT_CONFIG = new PciConfig.Ecam(0x40_1000_0000L);
    private static final long Q35_BARS = 0xe000_0000L;

    /** From this size on q35 has a hole between 2 GiB and 4 GiB. */
    private static final long Q35_HOLE = 2 * GIB;

    private final QemuProcess process;
    private final Qtest qtest;
    private final MappedMemory memory;
    private final List<Rocker> rockers;

    private QemuMachine(QemuProcess process, Qtest qtest, MappedMemory memory, List<Rocker> rockers) {
        this.process = process;
        this.qtest = qtest;
        this.memory = memory;
        this.rockers = rockers;
    }

    /**
     * Arm's {@code virt} with an SMMUv3, whose registers are at 0x09050000.
     *
     * @param ramBytes memory from 1 GiB on, a multiple of 1 MiB, up to 255 GiB; what nobody touches takes no space
     * @param slots PCI slots of bus 0 that hold a device, 1 to 31
     */
    public static QemuMachine smmuV3(QemuBinary binary, long ramBytes, int... slots) {
        // The SMMU of the newest "virt" has two stages, and QEMU ends when stage 2 is used in a way it does not know.
        String name = binary.hasMachine("virt-9.1") ? "virt-9.1" : "virt";
        QemuMachine machine = start(
                binary,
                new Board(
                        VIRT_BARS,
                        VIRT_CONFIG,
                        List.of(new MemoryRange(VIRT_RAM, ramBytes)),
                        List.of("-machine", name + ",iommu=smmuv3,memory-backend=ram", "-cpu", "cortex-a57")),
                slots);
        machine.memory.zero(VIRT_RAM, VIRT_DEVICE_TREE);
        return machine;
    }

    /**
     * A PC with an Intel IOMMU, whose registers are at 0xfed90000.
     *
     * @param iommu the device with its options, e.g. {@code intel-iommu,x-scalable-mode=on}
     * @param ramBytes memory from 0 on, a multiple of 1 MiB; beyond 2 GiB the rest begins at 4 GiB
     * @param slots PCI slots of bus 0 that hold a device, 1 to 30
     */
    public static QemuMachine q35(QemuBinary binary, String iommu, long ramBytes, int... slots) {
        List<MemoryRange> ranges = ramBytes <= Q35_HOLE
                ? List.of(new MemoryRange(0, ramBytes))
                : List.of(new MemoryRange(0, Q35_HOLE), new MemoryRange(4 * GIB, ramBytes - Q35_HOLE));
        return start(
                binary,
                new Board(
                        Q35_BARS,
                        new PciConfig.Ports(),
                        ranges,
                        List.of("-machine", "q35,memory-backend=ram", "-device", iommu)),
                slots);
    }

    /** How the names of the folders begin that a JVM makes for its machines. */
    static String folderPrefix(long jvm) {
        return "sva4j-qemu-" + jvm + "-";
    }

    private static QemuMachine start(QemuBinary binary, Board board, int... slots) {
        try {
            String prefix = folderPrefix(ProcessHandle.current().pid());
            Path folder = Files.isWritable(SHARED_MEMORY)
                    ? Files.createTempDirectory(SHARED_MEMORY, prefix)
                    : Files.createTempDirectory(prefix);
            Path ram = folder.resolve("ram");
            Path stderr = folder.resolve("stderr");
            try {
                return start(binary, board, ram, stderr, slots);
            } finally {
                // Both sides have them open by now: whatever happens from here on, no file is left behind.
                Files.deleteIfExists(ram);
                Files.deleteIfExists(stderr);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static QemuMachine start(QemuBinary binary, Board board, Path ram, Path stderr, int... slots)
            throws IOException {
        long bytes = board.ranges.stream().mapToLong(MemoryRange::length).sum();
        try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "rw")) {
            file.setLength(bytes);
        }
        MappedMemory memory = MappedMemory.map(ram, board.ranges);
        QemuProcess process = QemuProcess.start(binary, arguments(board, ram, bytes, slots), stderr);
        try {
            Qtest qtest = new Qtest(process);
            List<Rocker> rockers = IntStream.range(0, slots.length)
                    .mapToObj(i -> new Rocker(slots[i] << 3, board.bars + i * BAR_STEP))
                    .toList();
            rockers.forEach(rocker -> rocker.enable(qtest, board.config));
            // At least one answer: only then is it sure that QEMU runs and has mapped its memory.
            qtest.read64(board.ranges.get(0).start());
            qtest.await();
            return new QemuMachine(process, qtest, memory, rockers);
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    private static List<String> arguments(Board board, Path ram, long bytes, int... slots) {
        List<String> arguments = new ArrayList<>(board.arguments);
        arguments.addAll(List.of("-m", (bytes >> 20) + "M"));
        arguments.addAll(List.of("-object", "memory-backend-file,id=ram,size=" + bytes + ",share=on,mem-path=" + ram));
        for (int slot : slots) {
            arguments.addAll(List.of("-device", "rocker,name=sw" + slot + ",addr=" + Integer.toHexString(slot)));
        }
        return arguments;
    }

    /** Its registers and devices. */
    public Qtest qtest() {
        return qtest;
    }

    /** Its memory, at the addresses where it sees it itself. */
    public MappedMemory memory() {
        return memory;
    }

    /** Its devices, in the order of their slots as given. */
    public List<Rocker> rockers() {
        return rockers;
    }

    /** Process id of QEMU. */
    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
