package dev.sva4j.steptest.model;

import java.util.List;

/**
 * DMA: page after page. A page is reached through the entry as it is, or through one that an operation under way has replaced but not yet
 * invalidated; the model allows either, because that is what the operation promises to be over when it returns and not before.
 */
final class DmaRun extends Run {
    private final List<Chunk> chunks;
    private final int attempts;
    /** Who had the PASID when it began; -1 for nobody. */
    private final int holder;
    /** The device was there when it began. */
    private final boolean sawPresent;
    /** The device used ATS when it began. */
    private final boolean sawAts;

    private DmaRun(Event event, int stage, int attempts, int holder, boolean sawPresent, boolean sawAts) {
        super(event, stage);
        this.holder = holder;
        this.chunks = Chunk.of(event.op());
        this.attempts = attempts;
        this.sawPresent = sawPresent;
        this.sawAts = sawAts;
    }

    static Run start(Event event) {
        return new DmaRun(event, 0, 0, -1, false, false);
    }

    @Override
    String mark() {
        return stage + "." + attempts + sawPresent + sawAts;
    }

    private DmaRun at(int next, int tried) {
        return new DmaRun(event, next, tried, holder, sawPresent, sawAts);
    }

    private Need need() {
        return switch (op().kind()) {
            case DMA_WRITE -> Need.WRITE;
            case DMA_FETCH_ADD, DMA_COMPARE_AND_SWAP -> Need.READ_WRITE;
            case DMA_PREFETCH ->
                new Need[] {Need.READ, Need.READ_WRITE, Need.READ_EXECUTE}[Math.floorMod(op().mode(), 3)];
            default -> Need.READ;
        };
    }

    private boolean isAtomic() {
        return op().kind() == OpKind.DMA_FETCH_ADD || op().kind() == OpKind.DMA_COMPARE_AND_SWAP;
    }

    @Override
    void step(World world, Branches to) {
        if (stage == 0) {
            begin(world, to);
            return;
        }
        Device device = device(world);
        if (stage > chunks.size()) {
            end(Outcome.OK, world, to);
        } else if (!device.present()) {
            end(Outcome.FENCED, world, to);
            if (sawPresent && event.seen().outcome().isRefusedDma()) {
                end(event.seen().outcome(), world, to);
            }
        } else if (op().kind() == OpKind.DMA_PREFETCH && !device.usesAts()) {
            end(Outcome.ABORTED, world, to);
        } else {
            chunk(world, chunks.get(stage - 1), device, to);
        }
    }

    private void begin(World world, Branches to) {
        if (op().kind() == OpKind.DMA_BEYOND_WIDTH) {
            if (saw(Outcome.RANGE)) {
                to.to(world, null);
            }
        } else if (isAtomic() && op().offset() % Long.BYTES != 0) {
            if (saw(Outcome.INVALID)) {
                to.to(world, null);
            }
        } else {
            World next = world.copy();
            Process process = world.holderOf(event.seen().number());
            int id = process == null ? -1 : process.id;
            count(next, id, 1);
            Device device = device(world);
            to.to(next, new DmaRun(event, 1, 0, id, device.present(), device.usesAts()));
        }
    }

    private void count(World copy, int id, int change) {
        Process process = copy.processes.get(id);
        if (process != null && device(copy).kind().canRecover()) {
            process.faulting += change;
            if (need().write) {
                UserRun.breaking(process, op().first(), Chunk.lastExtent(op()), change);
            }
        }
    }

    private void end(Outcome outcome, World world, Branches to) {
        if (saw(outcome)) {
            World next = world.copy();
            count(next, holder, -1);
            to.to(next, null);
        }
    }

    private void chunk(World world, Chunk chunk, Device device, Branches to) {
        Process process = world.processes.get(holder);
        Bond bond = process == null ? null : world.bondOf(device.id(), process.id);
        if (bond == null || event.seen().number() != process.pasid) {
            refuse(world, device, false, to);
            return;
        }
        if (process.life == Process.Life.DEAD) {
            refuse(world, device, bond.state() == Bond.State.QUIESCED, to);
            return;
        }
        Page now = process.pages[chunk.extent()];
        boolean faults = !through(world, now, chunk, to);
        for (Stale each : process.stale) {
            if (each.usable() && each.extent() == chunk.extent()) {
                faults |= !through(world, each.old(), chunk, to);
            }
        }
        if (bond.state() != Bond.State.BOUND || process.life == Process.Life.DYING) {
            refuse(world, device, bond.state() == Bond.State.BOUND, to);
        } else if (device.recovers()) {
            if (faults) {
                fault(world, process, chunk, device, to);
            }
        } else if (faults || process.breaking[chunk.extent()] > 0) {
            // Break-before-make is visible to a device that cannot fault: that is why its drivers pin memory.
            refuse(world, device, true, to);
        }
    }

    /** Uses an entry, if it allows the access. */
    private boolean through(World world, Page page, Chunk chunk, Branches to) {
        if (!page.isMapped() || !page.entryAllows(need())) {
            return false;
        }
        Content content = world.frames.get(page.frame());
        DmaRun next = at(stage + 1, 0);
        switch (op().kind()) {
            case DMA_WRITE ->
                write(world, page, content.with(chunk.offset(), op().data(), chunk.from(), chunk.length()), next, to);
            case DMA_FETCH_ADD, DMA_COMPARE_AND_SWAP -> {
                long old = content.word(chunk.offset());
                if (saw(Outcome.OK) && event.seen().value() == old) {
                    write(world, page, content.withWord(chunk.offset(), atomic(old)), next, to);
                }
            }
            case DMA_READ -> {
                if (!saw(Outcome.OK)
                        || content.equals(chunk.offset(), event.seen().data(), chunk.from(), chunk.length())) {
                    to.to(world, next);
                }
            }
            default -> to.to(world, next);
        }
        return true;
    }

    private long atomic(long old) {
        if (op().kind() == OpKind.DMA_FETCH_ADD) {
            return old + op().value();
        }
        return old == op().mode() ? op().value() : old;
    }

    private static void write(World world, Page page, Content content, DmaRun next, Branches to) {
        World written = world.copy();
        written.frames.put(page.frame(), content);
        to.to(written, next);
    }

    private void fault(World world, Process process, Chunk chunk, Device device, Branches to) {
        boolean resolves = Touch.verdict(process, chunk.extent(), need()) == Touch.Verdict.RESOLVED;
        if (process.exiting || !resolves) {
            refuse(world, device, true, to);
            return;
        }
        boolean takesFrame = Touch.takesFrame(world, process, chunk.extent(), need());
        if (takesFrame && memoryMayLack(world, Touch.FRAMES * chunks.size())) {
            refuse(world, device, true, to);
        }
        if (attempts < CpuRun.ATTEMPTS) {
            World next = world.copy();
            Touch.resolve(next, next.processes.get(holder), chunk.extent(), need());
            to.to(next, at(stage, attempts + 1));
        }
    }

    /**
     * Ends refused. A function with ATS whose PASID is known learns that there is no right, and its page request, if it may send one, is
     * answered INVALID (I20, I26). How a request for an unknown PASID ends is up to the architecture, as is how an untranslated one does.
     */
    private void refuse(World world, Device device, boolean known, Branches to) {
        boolean ats = device.usesAts();
        if (ats || sawAts) {
            end(Outcome.PAGE_REQUEST_INVALID, world, to);
        }
        if (!(ats && sawAts && known)) {
            end(Outcome.ABORTED, world, to);
        }
    }
}
