package dev.sva4j.qemu.half;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.TransactionKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An IOMMU of QEMU's: a hardware half only, for driver halves of the same architecture. */
abstract class QemuVendor implements IommuVendor {
    /** What its devices can send. */
    static final List<TransactionKind> CARRIES = List.of(TransactionKind.UNTAGGED);

    /** Requester ids of its devices, slots 8 to 10 of bus 0: as many as the conformance kit uses at the same time. */
    static final List<Integer> REQUESTERS = List.of(0x40, 0x48, 0x50);

    /** What is installed does not change while this JVM runs, and every question is a start of QEMU. */
    private static final Map<Board, Optional<BridgedMachine.Model>> INSTALLED = new ConcurrentHashMap<>();

    private final Board board;

    QemuVendor(Board board) {
        this.board = board;
    }

    private Optional<BridgedMachine.Model> model() {
        return INSTALLED.computeIfAbsent(board, BridgedMachine.Model::find);
    }

    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return List.of();
    }

    @Override
    public boolean hasDriver() {
        return false;
    }

    @Override
    public boolean hasHardware() {
        return true;
    }

    @Override
    public List<TransactionKind> carries() {
        return CARRIES;
    }

    @Override
    public boolean needsMemoryFile() {
        return true;
    }

    @Override
    public IommuDriver createDriver(DriverHost host) {
        throw new SvaException(SvaError.UNSUPPORTED, "plug-in '" + id() + "' has no driver half");
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        BridgedMachine.Model model = model().orElseThrow(() ->
                refusal(host, "there is no qemu-system-" + board.target() + " on the PATH; install QEMU"));
        Path file = host.memory().file().orElseThrow(() -> refusal(host, "its memory is not in a file"));
        List<MemoryRange> ranges = host.memory().ranges();
        String obstacle = ranges.size() == 1 ? board.obstacle(ranges.get(0)) : "its memory has holes: " + ranges;
        if (!obstacle.isEmpty()) {
            throw refusal(host, obstacle);
        }
        try {
            return new QemuHardware(host, BridgedMachine.start(model, file, ranges.get(0), REQUESTERS));
        } catch (IOException e) {
            throw new SvaException(SvaError.NO_DEVICE, host.name() + ": QEMU does not start: " + e, e);
        }
    }

    private static SvaException refusal(HardwareHost host, String why) {
        return new SvaException(SvaError.UNSUPPORTED, host.name() + ": " + why);
    }
}
