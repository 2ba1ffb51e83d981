package dev.sva4j.qemu.half;

import dev.sva4j.qemu.PciConfig;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.qemu.QemuProcess;
import dev.sva4j.qemu.Qtest;
import dev.sva4j.spi.MemoryRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Arm's {@code virt} with an SMMUv3, whose memory is a file of somebody else's and whose devices are
 * {@linkplain BridgedFunction functions} that move any bytes.
 *
 * <p>Not thread-safe.
 */
final class SmmuMachine implements AutoCloseable {
    /** Registers of the SMMU. */
    static final long REGISTERS = 0x0905_0000L;

    /** Where memory of this kind of machine begins. */
    private static final long RAM = 0x4000_0000L;

    /** Sizes of memory are multiples of this. */
    private static final long RAM_GRANULE = 8192;

    private static final long BRIDGE_WINDOWS = 0x1010_0000L;
    private static final PciConfig CONFIG = new PciConfig.Ecam(0x40_1000_0000L);

    /**
     * A QEMU that has such a machine.
     *
     * @param binary the program
     * @param machine name of the machine
     */
    record Model(QemuBinary binary, String machine) {
        /** What is installed. */
        static Optional<Model> find() {
            // The SMMU of the newest "virt" has two stages, and QEMU ends when stage 2 is used in a way it does not
            // know.
            return QemuBinary.find("aarch64")
                    .map(binary -> new Model(binary, binary.hasMachine("virt-9.1") ? "virt-9.1" : "virt"));
        }
    }

    private final QemuProcess process;
    private final Qtest qtest;
    private final Map<Integer, BridgedFunction> functions;

    private SmmuMachine(QemuProcess process, Qtest qtest, Map<Integer, BridgedFunction> functions) {
        this.process = process;
        this.qtest = qtest;
        this.functions = functions;
    }

    /** Why memory at {@code range} cannot be this machine's, or an empty string. */
    static String obstacle(MemoryRange range) {
        return range.start() <= RAM || (range.start() | range.length()) % RAM_GRANULE != 0
                ? String.format(
                        "memory of QEMU's virt is a multiple of 0x%x bytes somewhere above 0x%x, not 0x%x + 0x%x",
                        RAM_GRANULE, RAM, range.start(), range.length())
                : "";
    }

    /**
     * Starts it.
     *
     * @param ram the file of the memory; it need not exist any more when this returns
     * @param range where the memory is
     * @param requesters of its functions, devices on bus 0
     */
    static SmmuMachine start(Model model, Path ram, MemoryRange range, List<Integer> requesters) throws IOException {
        Map<Integer, BridgedFunction> functions = new LinkedHashMap<>();
        for (int requester : requesters) {
            functions.put(requester, new BridgedFunction(requester, functions.size() + 1, BRIDGE_WINDOWS));
        }
        Path stderr = Files.createTempFile(ram.getParent(), "sva4j", ".stderr");
        QemuProcess process;
        try {
            process = QemuProcess.start(model.binary, arguments(model, ram, range, functions), stderr);
        } finally {
            Files.delete(stderr);
        }
        try {
            Qtest qtest = new Qtest(process);
            functions.values().forEach(function -> function.enable(qtest, CONFIG));
            // The answers come when QEMU has started, so it has mapped the memory.
            qtest.await();
            return new SmmuMachine(process, qtest, functions);
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    private static List<String> arguments(
            Model model, Path ram, MemoryRange range, Map<Integer, BridgedFunction> functions) {
        long below = range.start() - RAM;
        List<String> arguments = new ArrayList<>(List.of(
                "-machine",
                model.machine + ",iommu=smmuv3",
                "-cpu",
                "cortex-a57",
                "-m",
                "size=" + (below + range.length()) + "B"));
        // At start QEMU writes a device tree to the first node.
        arguments.addAll(List.of("-object", "memory-backend-ram,id=low,size=" + below));
        arguments.addAll(
                List.of("-object", "memory-backend-file,id=ram,size=" + range.length() + ",share=on,mem-path=" + ram));
        arguments.addAll(List.of("-numa", "node,memdev=low", "-numa", "node,memdev=ram"));
        functions.values().forEach(function -> arguments.addAll(function.arguments()));
        arguments.addAll(SmmuLog.ARGUMENTS);
        return arguments;
    }

    Qtest qtest() {
        return qtest;
    }

    /** Its functions, by requester id. */
    Map<Integer, BridgedFunction> functions() {
        return functions;
    }

    /** Waits until everything that was posted is done; what QEMU says of it. */
    SmmuLog settle() {
        qtest.await();
        return SmmuLog.of(process.newErrors());
    }

    @Override
    public void close() {
        process.close();
    }
}
