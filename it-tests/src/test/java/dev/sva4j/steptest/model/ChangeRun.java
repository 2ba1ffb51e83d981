package dev.sva4j.steptest.model;

import java.util.List;

/** munmap, mprotect, madvise: two moments. From the first one on the CPU sees the change, after the second one devices do too. */
final class ChangeRun extends UserRun {
    /** Two tables, if the range begins and ends within blocks. */
    private static final long FRAMES = 2;

    /** What others had not finished when this one took effect: when it returns, no device uses that either. */
    private final List<Stale> found;

    ChangeRun(Event event) {
        this(event, 0, List.of());
    }

    private ChangeRun(Event event, int stage, List<Stale> found) {
        super(event, stage);
        this.found = found;
    }

    @Override
    Run begun() {
        return new ChangeRun(event, 1, List.of());
    }

    @Override
    String mark() {
        return stage + found.toString();
    }

    @Override
    boolean breaks() {
        return true;
    }

    @Override
    void act(World world, Branches to) {
        if (stage == 2) {
            World next = world.copy();
            process(next).outlive(found);
            finish(next, to);
        } else if (op().offset() != 0) {
            refuse(Outcome.INVALID, world, to);
        } else {
            change(world, to);
        }
    }

    private void change(World world, Branches to) {
        Process process = process(world);
        boolean cuts = cuts(process, op().first()) || cuts(process, op().last());
        if (cuts && memoryMayLack(world, FRAMES)) {
            refuse(Outcome.NO_MEMORY, world, to);
        }
        if (op().kind() == OpKind.PROTECT && !covers(process)) {
            refuse(Outcome.NOT_FOUND, world, to);
            if (cuts && saw(Outcome.NOT_FOUND)) {
                // The range may have been looked at after blocks were cut: same contents, same rights, smaller entries.
                World next = world.copy();
                cutEnds(process(next));
                finish(next, to);
            }
        } else if (saw(Outcome.OK)) {
            World next = world.copy();
            List<Stale> others = process(next).usable(op().first(), op().last());
            cutEnds(process(next));
            apply(next, process(next));
            to.to(next, new ChangeRun(event, 2, others));
        }
    }

    private boolean covers(Process process) {
        for (int extent = op().first(); extent <= op().last(); extent++) {
            if (!process.pages[extent].isMapped()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the block around one end of the range is one entry and reaches beyond. */
    private boolean cuts(Process process, int end) {
        int block = Layout.block(end);
        return process.isIntact(end)
                && (Layout.firstOfBlock(block) < op().first() || Layout.lastOfBlock(block) > op().last());
    }

    private void cutEnds(Process process) {
        for (int end : new int[] {op().first(), op().last()}) {
            if (cuts(process, end)) {
                process.cut(end);
            }
        }
    }

    private void apply(World next, Process process) {
        for (int extent = op().first(); extent <= op().last(); extent++) {
            Page page = process.pages[extent];
            switch (op().kind()) {
                case UNMAP -> {
                    process.fade(extent, event.run(), true);
                    process.pages[extent] = Page.UNMAPPED;
                }
                case DISCARD -> {
                    process.fade(extent, event.run(), true);
                    process.pages[extent] = page.absent();
                }
                default -> {
                    process.fade(extent, event.run(), false);
                    boolean writable = page.isResident() && op().prot().write() && isExclusive(next, process, extent);
                    process.pages[extent] = new Page(op().prot(), page.frame(), writable);
                }
            }
            if (op().kind() != OpKind.PROTECT) {
                process.cut(extent);
            }
        }
    }

    private static boolean isExclusive(World world, Process process, int extent) {
        int block = Layout.block(extent);
        return process.isIntact(extent)
                ? world.isExclusive(process, Layout.firstOfBlock(block), Layout.lastOfBlock(block))
                : world.isExclusive(process, extent, extent);
    }
}
