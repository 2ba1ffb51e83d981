package dev.sva4j.steptest.model;

/** mmap. */
final class MapRun extends UserRun {
    private final boolean huge;

    MapRun(Event event, int stage) {
        super(event, stage);
        this.huge = op().kind() == OpKind.MAP_HUGE;
    }

    @Override
    Run begun() {
        return new MapRun(event, 1);
    }

    @Override
    void act(World world, Branches to) {
        if (!isAligned()) {
            refuse(Outcome.INVALID, world, to);
            return;
        }
        Process process = process(world);
        boolean overlaps = false;
        for (int extent = op().first(); extent <= op().last(); extent++) {
            overlaps |= process.pages[extent].isMapped();
        }
        if (overlaps) {
            refuse(Outcome.EXISTS, world, to);
        }
        // Which of two reasons is found first is nobody's promise.
        if (huge && world.pressure) {
            refuse(Outcome.NO_MEMORY, world, to);
        }
        if (huge && process.isKilled()) {
            // It would fill pages in.
            refuse(Outcome.STALE, world, to);
        } else if (!overlaps && saw(Outcome.OK)) {
            World next = world.copy();
            map(next, process(next));
            finish(next, to);
        }
    }

    private boolean isAligned() {
        if (op().offset() != 0) {
            return false;
        }
        int first = Layout.block(op().first());
        int last = Layout.block(op().last());
        return !huge
                || (first != Layout.NONE
                        && last != Layout.NONE
                        && op().first() == Layout.firstOfBlock(first)
                        && op().last() == Layout.lastOfBlock(last));
    }

    private void map(World next, Process process) {
        for (int extent = op().first(); extent <= op().last(); extent++) {
            Page page = Page.mapped(op().prot());
            if (huge) {
                page = page.with(next.allocate(Content.ZERO), op().prot().write());
                process.intact[Layout.block(extent)] = true;
            }
            process.pages[extent] = page;
        }
    }
}
