package dev.sva4j.steptest.model;

import java.util.List;

/**
 * Loads, stores and touches of the process itself: page after page. A store that is refused has stored to the pages before, as a loop of
 * store instructions would have.
 */
final class CpuRun extends UserRun {
    /** A page can be taken away between fault and retry only as often as somebody else does so. */
    static final int ATTEMPTS = 4;

    private final int index;
    private final int attempts;

    CpuRun(Event event, int stage, int index, int attempts) {
        super(event, stage);
        this.index = index;
        this.attempts = attempts;
    }

    @Override
    Run begun() {
        return new CpuRun(event, 1, 0, 0);
    }

    @Override
    boolean breaks() {
        return need().write;
    }

    @Override
    String mark() {
        return stage + "." + index + "." + attempts;
    }

    private boolean isPopulate() {
        return op().kind() == OpKind.POPULATE;
    }

    private Need need() {
        return switch (op().kind()) {
            case CPU_READ -> Need.READ;
            case CPU_WRITE -> Need.WRITE;
            default -> new Need[] {Need.READ, Need.WRITE, Need.READ_EXECUTE}[Math.floorMod(op().mode(), 3)];
        };
    }

    @Override
    void act(World world, Branches to) {
        if (isPopulate()) {
            int extent = op().first() + index;
            if (extent > op().last()) {
                refuse(Outcome.OK, world, to);
            } else {
                touch(world, extent, new CpuRun(event, 1, index + 1, 0), to);
            }
            return;
        }
        List<Chunk> chunks = Chunk.of(op());
        if (index == chunks.size()) {
            refuse(Outcome.OK, world, to);
            return;
        }
        Chunk chunk = chunks.get(index);
        if (process(world).pages[chunk.extent()].isMapped()
                && process(world).pages[chunk.extent()].entryAllows(need())) {
            access(world, chunk, to);
        } else if (attempts < ATTEMPTS) {
            touch(world, chunk.extent(), new CpuRun(event, 1, index, attempts + 1), to);
        }
    }

    private void access(World world, Chunk chunk, Branches to) {
        int frame = process(world).pages[chunk.extent()].frame();
        Content content = world.frames.get(frame);
        CpuRun next = new CpuRun(event, 1, index + 1, 0);
        if (need().write) {
            World written = world.copy();
            written.frames.put(frame, content.with(chunk.offset(), op().data(), chunk.from(), chunk.length()));
            to.to(written, next);
        } else if (!saw(Outcome.OK)
                || content.equals(chunk.offset(), event.seen().data(), chunk.from(), chunk.length())) {
            to.to(world, next);
        }
    }

    private void touch(World world, int extent, CpuRun after, Branches to) {
        Process process = process(world);
        switch (Touch.verdict(process, extent, need())) {
            case DYING -> refuse(Outcome.STALE, world, to);
            case REFUSED -> refuse(Outcome.NOT_FOUND, world, to);
            case RESOLVED -> {
                if (Touch.takesFrame(world, process, extent, need()) && memoryMayLack(world, frames())) {
                    refuse(Outcome.NO_MEMORY, world, to);
                }
                World next = world.copy();
                Touch.resolve(next, process(next), extent, need());
                to.to(next, after);
            }
        }
    }

    private long frames() {
        return Touch.FRAMES
                * (isPopulate()
                        ? op().last() - op().first() + 1
                        : Chunk.of(op()).size());
    }
}
