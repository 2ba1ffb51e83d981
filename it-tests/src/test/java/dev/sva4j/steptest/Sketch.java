package dev.sva4j.steptest;

import dev.sva4j.steptest.model.DeviceKind;
import dev.sva4j.steptest.model.Layout;
import dev.sva4j.steptest.model.Op;
import java.util.Random;

/**
 * What a generator thinks is there: enough for most operations to meet something, and wrong often enough for the others. It ignores that
 * operations can be refused.
 */
final class Sketch {
    private final boolean[] alive = new boolean[StepRun.PROCESSES];
    private final boolean[][] mapped = new boolean[StepRun.PROCESSES][Layout.EXTENTS.size()];
    private final boolean[][] bound = new boolean[StepRun.PROCESSES][DeviceKind.values().length];
    private final boolean[] removed = new boolean[DeviceKind.values().length];
    private final boolean[] open = new boolean[DeviceKind.values().length];
    private boolean pressure;
    private final Random random;

    Sketch(Random random) {
        this.random = random;
    }

    void note(Op op) {
        switch (op.kind()) {
            case CREATE -> begin(op.other(), -1);
            case FORK -> begin(freeProcess(), op.process());
            case EXEC -> {
                alive[op.process()] = false;
                begin(freeProcess(), -1);
            }
            case MAP, MAP_HUGE -> map(op, true);
            case UNMAP -> map(op, false);
            case BIND -> bound[op.process()][op.device()] = true;
            case UNBIND -> bound[op.process()][op.device()] = random.nextInt(3) == 0;
            case EXIT, OOM_KILL, CLOSE -> alive[op.process()] = false;
            case INIT_DEVICE -> open[op.device()] = true;
            case CLOSE_DEVICE -> close(op.device());
            case REMOVE_DEVICE -> removed[op.device()] = true;
            case ADD_DEVICE -> removed[op.device()] = false;
            case EAT_MEMORY -> pressure = true;
            case FREE_MEMORY -> pressure = false;
            default -> {
                // Nothing that a generator needs to know.
            }
        }
    }

    private void begin(int slot, int parent) {
        if (slot < 0 || alive[slot]) {
            return;
        }
        alive[slot] = true;
        for (int i = 0; i < mapped[slot].length; i++) {
            mapped[slot][i] = parent >= 0 && mapped[parent][i];
        }
        bound[slot] = new boolean[bound[slot].length];
    }

    private void map(Op op, boolean now) {
        for (int i = op.first(); i <= op.last(); i++) {
            mapped[op.process()][i] = now;
        }
    }

    private void close(int device) {
        open[device] = false;
        for (boolean[] row : bound) {
            row[device] = false;
        }
    }

    /** A slot for a new process, or -1. */
    int freeProcess() {
        for (int slot = 0; slot < alive.length; slot++) {
            if (!alive[slot]) {
                return slot;
            }
        }
        return -1;
    }

    boolean isPressed() {
        return pressure;
    }

    /** A device that was pulled out and not replaced, or -1. */
    int removedDevice() {
        return pick(removed, true, -1);
    }

    /** A device that no driver has, or -1. */
    int closedDevice() {
        return pick(open, false, -1);
    }

    int process() {
        return pick(alive, true, random.nextInt(alive.length));
    }

    /** A device that should be bound to the process, or any. */
    int boundDevice(int process) {
        return pick(bound[process], true, random.nextInt(bound[process].length));
    }

    /** An extent of the process that should be mapped, or any. */
    int mappedExtent(int process) {
        return pick(mapped[process], true, random.nextInt(mapped[process].length));
    }

    /** An extent of the process that should not be mapped, or any. */
    int freeExtent(int process) {
        return pick(mapped[process], false, random.nextInt(mapped[process].length));
    }

    boolean isBound(int process, int device) {
        return bound[process][device];
    }

    boolean isMapped(int process, int extent) {
        return mapped[process][extent];
    }

    private int pick(boolean[] from, boolean wanted, int otherwise) {
        int count = 0;
        for (boolean each : from) {
            count += each == wanted ? 1 : 0;
        }
        if (count == 0) {
            return otherwise;
        }
        int chosen = random.nextInt(count);
        for (int i = 0; i < from.length; i++) {
            if (from[i] == wanted && chosen-- == 0) {
                return i;
            }
        }
        return otherwise;
    }
}
