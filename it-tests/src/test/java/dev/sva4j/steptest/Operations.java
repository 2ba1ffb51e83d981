package dev.sva4j.steptest;

import dev.sva4j.steptest.model.DeviceKind;
import dev.sva4j.steptest.model.Layout;
import dev.sva4j.steptest.model.Op;
import dev.sva4j.steptest.model.OpKind;
import dev.sva4j.steptest.model.Prot;
import java.util.Random;

/** Draws what an operation is about. */
final class Operations {
    private static final int FIRST_FREE = -1;

    /** What a page is touched at: both ends of it. */
    private static final int WINDOW = 16;

    private static final int[] OFFSETS = {0, 3, 8, Layout.PAGE - 16, Layout.PAGE - 11, Layout.PAGE - 8};
    private static final int MAX_LENGTH = 27;

    private final Random random;
    private final Sketch sketch;

    Operations(Random random, Sketch sketch) {
        this.random = random;
        this.sketch = sketch;
    }

    int anyDevice() {
        return random.nextInt(DeviceKind.values().length);
    }

    Op plain(OpKind kind, int process, int device, int mode) {
        return new Op(kind, process, FIRST_FREE, device, 0, 0, 0, 0, mode, 0);
    }

    Op draw(OpKind kind, int process, int device) {
        return switch (kind) {
            case MAP_HUGE -> blocks(kind, process);
            case MAP, UNMAP, PROTECT, DISCARD, POPULATE -> range(kind, process);
            case CPU_READ, CPU_WRITE, DMA_READ, DMA_WRITE ->
                access(kind, process, device, 1 + random.nextInt(MAX_LENGTH));
            case DMA_FETCH_ADD, DMA_COMPARE_AND_SWAP -> atomic(kind, process, device);
            case DMA_PREFETCH, DMA_UNTAGGED, DMA_BEYOND_WIDTH -> access(kind, process, device, 1);
            case BIND, BIND_CLOSED_DEVICE -> plain(kind, process, device, random.nextInt(4));
            case INIT_DEVICE -> plain(kind, process, device, options());
            case EAT_MEMORY -> plain(kind, process, device, random.nextInt(3) == 0 ? 0 : random.nextInt(12));
            default -> plain(kind, process, device, 0);
        };
    }

    /** Mostly faults, explicit unbind and all PASIDs. */
    private int options() {
        int policy = Math.max(0, random.nextInt(6) - 3);
        int range = Math.max(0, random.nextInt(8) - 4);
        return (random.nextInt(4) > 0 ? 1 : 0) | policy << 1 | range << 3;
    }

    private Op range(OpKind kind, int process) {
        if (kind != OpKind.POPULATE && kind != OpKind.MAP && random.nextInt(8) == 0) {
            return blocks(kind, process);
        }
        int first = kind == OpKind.MAP && random.nextInt(4) > 0 ? sketch.freeExtent(process) : extent(process);
        if (kind == OpKind.POPULATE && !Layout.isPage(first)) {
            first = 0;
        }
        int last = first;
        while (Layout.reachesNext(last) && random.nextInt(3) > 0 && fits(kind, process, last + 1)) {
            last++;
        }
        boolean misaligned = kind != OpKind.POPULATE && random.nextInt(30) == 0;
        return new Op(kind, process, 0, 0, first, last, misaligned ? 8 : 0, 0, mode(kind), 0);
    }

    private boolean fits(OpKind kind, int process, int extent) {
        return switch (kind) {
            case POPULATE -> Layout.isPage(extent);
            case MAP -> !sketch.isMapped(process, extent) || random.nextInt(6) == 0;
            case PROTECT -> sketch.isMapped(process, extent) || random.nextInt(6) == 0;
            default -> true;
        };
    }

    /** One block or two, now and then not quite. */
    private Op blocks(OpKind kind, int process) {
        int block = random.nextInt(2);
        int first = Layout.firstOfBlock(block) + (random.nextInt(16) == 0 ? 1 : 0);
        int last = Layout.lastOfBlock(random.nextInt(4) == 0 ? 1 : block);
        return new Op(kind, process, 0, 0, first, last, 0, 0, mode(kind), 0);
    }

    private int mode(OpKind kind) {
        if (kind == OpKind.POPULATE) {
            return Math.min(random.nextInt(3), random.nextInt(4));
        }
        return (random.nextInt(5) < 3 ? Prot.READ_WRITE : Prot.values()[random.nextInt(Prot.values().length)])
                .ordinal();
    }

    private int extent(int process) {
        return random.nextInt(8) == 0 ? random.nextInt(Layout.EXTENTS.size()) : sketch.mappedExtent(process);
    }

    int page(int process) {
        int extent = extent(process);
        // The bulk of a block is not accessed; its neighbour is part of the same block.
        return Layout.isPage(extent) ? extent : extent - 1;
    }

    /** Within the ends of a page, or from one page into the next. */
    private Op access(OpKind kind, int process, int device, int wanted) {
        int extent = page(process);
        int offset = OFFSETS[random.nextInt(OFFSETS.length)];
        boolean crosses = Layout.reachesNext(extent) && Layout.isPage(extent + 1);
        int room = offset < WINDOW ? WINDOW - offset : Layout.PAGE - offset + (crosses ? WINDOW : 0);
        int mode = random.nextInt(3);
        return new Op(
                kind, process, 0, device, extent, extent, offset, Math.min(wanted, room), mode, random.nextLong());
    }

    /** An access to the beginning of a page. */
    Op at(OpKind kind, int process, int device, int extent) {
        boolean atomic = kind == OpKind.DMA_FETCH_ADD;
        long value = atomic ? 1 : random.nextLong();
        return new Op(kind, process, 0, device, extent, extent, 8, Long.BYTES, random.nextInt(2), value);
    }

    private Op atomic(OpKind kind, int process, int device) {
        int offset = random.nextInt(16) == 0 ? 4 : 8;
        int operand = 1 + random.nextInt(3);
        int extent = page(process);
        return new Op(kind, process, 0, device, extent, extent, offset, Long.BYTES, random.nextInt(2), operand);
    }
}
