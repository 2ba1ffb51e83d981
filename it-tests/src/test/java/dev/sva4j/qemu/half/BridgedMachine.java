package dev.sva4j.qemu.half;

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
 * A machine with an IOMMU, whose memory is a file of somebody else's and whose devices are {@linkplain BridgedFunction
 * functions} that move any bytes.
 *
 * <p>Not thread-safe.
 */
final class BridgedMachine implements AutoCloseable {
    /**
     * A QEMU that has such a machine.
     *
     * @param binary the program
     * @param board the machine
     * @param arguments the machine on its command line
     */
    record Model(QemuBinary binary, Board board, List<String> arguments) {
        /** What is installed. */
        static Optional<Model> find(Board board) {
            return QemuBinary.find(board.target())
                    .map(binary -> new Model(binary, board, board.arguments().apply(binary)));
        }
    }

    private final Board board;
    private final QemuProcess process;
    private final Qtest qtest;
    private final Map<Integer, BridgedFunction> functions;

    private BridgedMachine(Board board, QemuProcess process, Qtest qtest, Map<Integer, BridgedFunction> functions) {
        this.board = board;
        this.process = process;
        this.qtest = qtest;
        this.functions = functions;
    }

    /**
     * Starts it.
     *
     * @param ram the file of the memory; it need not exist any more when this returns
     * @param range where the memory is
     * @param requesters of its functions, devices on bus 0
     */
    static BridgedMachine start(Model model, Path ram, MemoryRange range, List<Integer> requesters) throws IOException {
        Map<Integer, BridgedFunction> functions = new LinkedHashMap<>();
        for (int requester : requesters) {
            functions.put(requester, new BridgedFunction(requester, functions.size() + 1, model.board.bridgeWindows()));
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
            functions.values().forEach(function -> function.enable(qtest, model.board.config()));
            // The answers come when QEMU has started, so it has mapped the memory.
            qtest.await();
            return new BridgedMachine(model.board, process, qtest, functions);
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    private static List<String> arguments(
            Model model, Path ram, MemoryRange range, Map<Integer, BridgedFunction> functions) {
        long below = model.board.below(range);
        List<String> arguments = new ArrayList<>(model.arguments);
        arguments.addAll(List.of("-m", "size=" + (below + range.length()) + "B"));
        // At start QEMU writes to the beginning of memory: a device tree, or what firmware finds there.
        arguments.addAll(List.of("-object", "memory-backend-ram,id=low,reserve=off,size=" + below));
        arguments.addAll(
                List.of("-object", "memory-backend-file,id=ram,size=" + range.length() + ",share=on,mem-path=" + ram));
        arguments.addAll(List.of("-numa", "node,memdev=low", "-numa", "node,memdev=ram"));
        functions.values().forEach(function -> arguments.addAll(function.arguments()));
        arguments.addAll(model.board.trace().arguments());
        return arguments;
    }

    /** Where the registers of its IOMMU are. */
    long registers() {
        return board.registers();
    }

    Qtest qtest() {
        return qtest;
    }

    /** Its functions, by requester id. */
    Map<Integer, BridgedFunction> functions() {
        return functions;
    }

    /** Whether the IOMMU is off and says nothing of accesses. */
    boolean isSilent() {
        return board.trace().isSilent(qtest, board.registers());
    }

    /** Waits until everything that was posted is done; what QEMU says of it. */
    AccessLog settle() {
        qtest.await();
        return board.trace().read(process.newErrors());
    }

    @Override
    public void close() {
        process.close();
    }
}
