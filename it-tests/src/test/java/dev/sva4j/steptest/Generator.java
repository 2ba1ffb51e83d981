package dev.sva4j.steptest;

import dev.sva4j.steptest.model.DeviceKind;
import dev.sva4j.steptest.model.Layout;
import dev.sva4j.steptest.model.Op;
import dev.sva4j.steptest.model.OpKind;
import dev.sva4j.steptest.model.PasidLimits;
import dev.sva4j.steptest.model.Prot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes scripts from seeds. An operation that speaks of what turns out not to be there is skipped when the script runs. */
final class Generator {
    private static final int STEPS = 70;

    /** Kinds as often as they are to be drawn. Processes, devices and memory are made and given back by other means too. */
    private static final OpKind[] LOT = lot(
            w(OpKind.MAP, 8),
            w(OpKind.MAP_HUGE, 5),
            w(OpKind.UNMAP, 7),
            w(OpKind.PROTECT, 10),
            w(OpKind.DISCARD, 5),
            w(OpKind.POPULATE, 5),
            w(OpKind.FORK, 6),
            w(OpKind.EXEC, 2),
            w(OpKind.CPU_READ, 6),
            w(OpKind.CPU_WRITE, 12),
            w(OpKind.DMA_READ, 13),
            w(OpKind.DMA_WRITE, 16),
            w(OpKind.DMA_FETCH_ADD, 7),
            w(OpKind.DMA_COMPARE_AND_SWAP, 6),
            w(OpKind.DMA_PREFETCH, 6),
            w(OpKind.DMA_UNTAGGED, 1),
            w(OpKind.DMA_BEYOND_WIDTH, 1),
            w(OpKind.BIND, 10),
            w(OpKind.BIND_CLOSED_DEVICE, 1),
            w(OpKind.UNBIND, 7),
            w(OpKind.EXIT, 2),
            w(OpKind.OOM_KILL, 1),
            w(OpKind.CLOSE, 2),
            w(OpKind.RETURN_FROM_CALLBACK, 3),
            w(OpKind.INIT_DEVICE, 2),
            w(OpKind.CLOSE_DEVICE, 2),
            w(OpKind.CLOSE_DEVICE_AGAIN, 1),
            w(OpKind.REMOVE_DEVICE, 1),
            w(OpKind.EAT_MEMORY, 2));

    private final Random random;
    private final Sketch sketch;
    private final Operations operations;
    private final List<Script.Step> steps = new ArrayList<>();

    private Generator(long seed) {
        this.random = new Random(seed);
        this.sketch = new Sketch(random);
        this.operations = new Operations(random, sketch);
    }

    private record Weighted(OpKind kind, int weight) {}

    private static Weighted w(OpKind kind, int weight) {
        return new Weighted(kind, weight);
    }

    private static OpKind[] lot(Weighted... parts) {
        List<OpKind> lot = new ArrayList<>();
        for (Weighted part : parts) {
            for (int i = 0; i < part.weight; i++) {
                lot.add(part.kind);
            }
        }
        return lot.toArray(OpKind[]::new);
    }

    static Script of(long seed) {
        Generator generator = new Generator(seed);
        generator.begin();
        while (generator.steps.size() < STEPS) {
            generator.repair();
            generator.step();
        }
        return new Script(generator.steps);
    }

    /** Something to work with: devices as they are able, and a process that most of them are bound to. */
    private void begin() {
        for (DeviceKind kind : DeviceKind.values()) {
            int faults = (kind.pri || kind.stall) && random.nextInt(5) > 0 ? 1 : 0;
            int policy = Math.max(0, random.nextInt(5) - 2);
            alone(operations.plain(OpKind.INIT_DEVICE, 0, kind.ordinal(), faults | policy << 1));
        }
        createProcess(0);
        for (DeviceKind kind : DeviceKind.values()) {
            if (random.nextInt(3) > 0) {
                alone(operations.plain(OpKind.BIND, 0, kind.ordinal(), random.nextInt(4)));
            }
        }
    }

    private void alone(Op op) {
        sketch.note(op);
        steps.add(new Script.Step(List.of(List.of(op))));
    }

    /** A process with something in it. */
    private void createProcess(int slot) {
        int first = random.nextBoolean() ? 0 : 4;
        alone(operations.plain(OpKind.CLOSE, slot, 0, 0));
        alone(new Op(OpKind.CREATE, 0, slot, 0, 0, 0, 0, 0, 0, 0));
        alone(new Op(OpKind.MAP, slot, 0, 0, first, first + 3, 0, 0, Prot.READ_WRITE.ordinal(), 0));
        for (int i = 0; i < 3; i++) {
            alone(operations.plain(OpKind.BIND, slot, operations.anyDevice(), random.nextInt(4)));
        }
        alone(operations.draw(OpKind.CPU_WRITE, slot, 0));
    }

    /** Brings back what is missing, after a while. */
    private void repair() {
        int dead = sketch.freeProcess();
        if (dead >= 0 && random.nextInt(6) == 0) {
            bury(dead);
            createProcess(dead);
        }
        int closed = sketch.closedDevice();
        if (closed >= 0 && random.nextInt(3) == 0) {
            alone(operations.draw(OpKind.INIT_DEVICE, 0, closed));
            int old = random.nextInt(5);
            if (old == 0) {
                alone(operations.draw(OpKind.BIND_CLOSED_DEVICE, sketch.process(), closed));
            } else if (old == 1) {
                alone(operations.draw(OpKind.CLOSE_DEVICE_AGAIN, 0, closed));
            }
        }
        int removed = sketch.removedDevice();
        if (removed >= 0 && random.nextInt(4) == 0) {
            alone(operations.plain(OpKind.CLOSE_DEVICE, 0, removed, 0));
            alone(operations.plain(OpKind.ADD_DEVICE, 0, removed, 0));
        }
        if (sketch.isPressed() && random.nextInt(6) == 0) {
            alone(operations.plain(OpKind.FREE_MEMORY, 0, 0, 0));
        }
    }

    /** What a driver does when a process has died, or some of it. */
    private void bury(int process) {
        for (DeviceKind kind : DeviceKind.values()) {
            if (!sketch.isBound(process, kind.ordinal()) || random.nextInt(3) == 0) {
                continue;
            }
            if (random.nextInt(3) > 0) {
                alone(operations.plain(OpKind.RETURN_FROM_CALLBACK, process, kind.ordinal(), 0));
            }
            int unbinds = random.nextInt(4);
            for (int i = 0; i < unbinds; i++) {
                alone(operations.plain(OpKind.UNBIND, process, kind.ordinal(), 0));
            }
        }
    }

    private void step() {
        if (random.nextInt(5) == 0) {
            changeUnderDma();
            return;
        }
        OpKind kind = LOT[random.nextInt(LOT.length)];
        int width = random.nextInt(20);
        if (kind == OpKind.EAT_MEMORY && random.nextBoolean()) {
            cutWithoutMemory(sketch.process());
        } else if (kind == OpKind.INIT_DEVICE && random.nextInt(3) == 0) {
            crowd(operations.anyDevice());
        } else if (kind == OpKind.REMOVE_DEVICE && random.nextBoolean()) {
            pullOut(sketch.boundDevice(sketch.process()));
        } else if (kind.isAlone() || width < 10) {
            alone(draw(kind, sketch.process(), -1));
        } else {
            race(width < 17 ? 2 : 3);
        }
    }

    /** A change of a part of a block, which takes a table, while there is none. */
    private void cutWithoutMemory(int process) {
        int block = random.nextInt(2);
        int first = Layout.firstOfBlock(block);
        int last = Layout.lastOfBlock(block);
        alone(new Op(OpKind.UNMAP, process, 0, 0, first, last, 0, 0, 0, 0));
        alone(new Op(OpKind.MAP_HUGE, process, 0, 0, first, last, 0, 0, Prot.READ_WRITE.ordinal(), 0));
        alone(operations.plain(OpKind.EAT_MEMORY, 0, 0, random.nextInt(4) == 0 ? 1 : 0));
        OpKind kind = new OpKind[] {OpKind.UNMAP, OpKind.PROTECT, OpKind.DISCARD}[random.nextInt(3)];
        alone(new Op(kind, process, 0, 0, first, first, 0, 0, Prot.READ.ordinal(), 0));
        alone(operations.plain(OpKind.BIND, process, operations.anyDevice(), 0));
        for (OpKind each : new OpKind[] {OpKind.EXEC, OpKind.FORK, OpKind.POPULATE, OpKind.CPU_READ}) {
            if (random.nextInt(3) == 0) {
                alone(draw(each, process, -1));
            }
        }
    }

    /**
     * A page that a device has just used is changed, alone or while devices go on and somebody else takes what becomes free; then it is used
     * again. This is where a lost invalidation shows.
     */
    private void changeUnderDma() {
        int process = sketch.process();
        int device = sketch.boundDevice(process);
        int extent = operations.page(process);
        alone(new Op(OpKind.POPULATE, process, 0, 0, extent, extent, 0, 0, 1, 0));
        alone(operations.at(dma(), process, device, extent));
        List<Op> change = change(process, device, extent);
        if (random.nextBoolean()) {
            change.forEach(this::alone);
        } else {
            int other = random.nextBoolean() ? device : sketch.boundDevice(process);
            List<List<Op>> lanes = new ArrayList<>();
            lanes.add(change);
            lanes.add(List.of(
                    operations.at(dma(), process, device, extent), operations.at(dma(), process, other, extent)));
            if (random.nextBoolean()) {
                int taker = sketch.process();
                lanes.add(List.of(operations.at(OpKind.CPU_WRITE, taker, 0, operations.page(taker))));
            }
            together(lanes);
        }
        alone(operations.at(dma(), process, device, extent));
        alone(operations.at(dma(), process, sketch.boundDevice(process), extent));
    }

    private OpKind dma() {
        OpKind[] kinds = {OpKind.DMA_READ, OpKind.DMA_WRITE, OpKind.DMA_WRITE, OpKind.DMA_FETCH_ADD};
        return kinds[random.nextInt(kinds.length)];
    }

    private List<Op> change(int process, int device, int extent) {
        Op write = operations.at(OpKind.CPU_WRITE, process, 0, extent);
        Op read = new Op(OpKind.PROTECT, process, 0, 0, extent, extent, 0, 0, Prot.READ.ordinal(), 0);
        Op readWrite = new Op(OpKind.PROTECT, process, 0, 0, extent, extent, 0, 0, Prot.READ_WRITE.ordinal(), 0);
        Op fork = operations.plain(OpKind.FORK, process, 0, 0);
        Op discard = new Op(OpKind.DISCARD, process, 0, 0, extent, extent, 0, 0, 0, 0);
        return switch (random.nextInt(12)) {
            case 0, 1 -> List.of(read);
            case 2 -> List.of(read, readWrite);
            case 3 -> List.of(fork);
            case 4, 5 -> List.of(fork, write);
            case 6 -> List.of(discard);
            case 7 -> List.of(discard, write);
            case 8 -> List.of(new Op(OpKind.UNMAP, process, 0, 0, extent, extent, 0, 0, 0, 0));
            case 9 -> List.of(operations.plain(OpKind.UNBIND, process, device, 0));
            case 10 -> List.of(operations.draw(OpKind.UNMAP, process, 0));
            default -> List.of(operations.plain(random.nextBoolean() ? OpKind.EXIT : OpKind.OOM_KILL, process, 0, 0));
        };
    }

    /** Few PASIDs for many processes. */
    private void crowd(int device) {
        alone(operations.plain(OpKind.CLOSE_DEVICE, 0, device, 0));
        alone(operations.plain(OpKind.INIT_DEVICE, 0, device, PasidLimits.OTHER_TWO.ordinal() << 3));
        for (int process = 0; process < StepRun.PROCESSES; process++) {
            alone(new Op(OpKind.CREATE, 0, process, 0, 0, 0, 0, 0, 0, 0));
            alone(operations.plain(OpKind.BIND, process, device, 0));
        }
    }

    /** A device goes while there is still something that it could do. */
    private void pullOut(int device) {
        alone(operations.plain(OpKind.REMOVE_DEVICE, 0, device, 0));
        for (int process = 0; process < StepRun.PROCESSES; process++) {
            if (random.nextInt(2) == 0) {
                alone(operations.draw(OpKind.DMA_WRITE, process, device));
            }
        }
        alone(operations.draw(OpKind.DMA_UNTAGGED, 0, device));
    }

    /** Most races are about one process, many about one device. */
    private void race(int lanes) {
        int process = random.nextInt(4) > 0 ? sketch.process() : -1;
        int device = process >= 0 && random.nextBoolean() ? sketch.boundDevice(process) : -1;
        List<List<Op>> step = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            List<Op> ops = new ArrayList<>();
            int length = lanes == 2 && random.nextInt(3) == 0 ? 2 : 1;
            for (int i = 0; i < length; i++) {
                ops.add(draw(drawConcurrent(), process < 0 ? sketch.process() : process, device));
            }
            step.add(ops);
        }
        together(step);
    }

    private void together(List<List<Op>> lanes) {
        lanes.forEach(lane -> lane.forEach(sketch::note));
        steps.add(new Script.Step(lanes));
    }

    private OpKind drawConcurrent() {
        OpKind kind;
        do {
            kind = LOT[random.nextInt(LOT.length)];
        } while (kind.isAlone());
        return kind;
    }

    /** {@code device} is -1 for one that fits. */
    private Op draw(OpKind kind, int process, int device) {
        boolean any = kind == OpKind.BIND || random.nextInt(6) == 0;
        int fitting = any ? operations.anyDevice() : sketch.boundDevice(process);
        return operations.draw(kind, process, device >= 0 ? device : fitting);
    }
}
