package dev.sva4j.steptest.model;

import java.util.List;

/** fork: every page is shared at one moment, and at a second one no device can write to what is shared. */
final class ForkRun extends UserRun {
    /** The child's tables, no more than a top one and three for each table's worth of addresses that is in use. */
    private static final long FRAMES = 16;

    /** What others had not finished when this one took effect: when it returns, no device uses that either. */
    private final List<Stale> found;

    ForkRun(Event event) {
        this(event, 0, List.of());
    }

    private ForkRun(Event event, int stage, List<Stale> found) {
        super(event, stage);
        this.found = found;
    }

    @Override
    String mark() {
        return stage + found.toString();
    }

    @Override
    Run begun() {
        return new ForkRun(event, 1, List.of());
    }

    @Override
    void act(World world, Branches to) {
        if (stage == 2) {
            World next = world.copy();
            process(next).outlive(found);
            place(
                    next,
                    event.target().slot(),
                    next.processes.remove(event.target().fresh()));
            finish(next, to);
            return;
        }
        if (memoryMayLack(world, FRAMES)) {
            refuse(Outcome.NO_MEMORY, world, to);
        }
        if (saw(Outcome.OK)) {
            World next = world.copy();
            Process parent = process(next);
            Process child = new Process(event.target().fresh());
            List<Stale> others = parent.usable(0, Layout.COUNT - 1);
            for (int extent = 0; extent < Layout.COUNT; extent++) {
                Page page = parent.pages[extent];
                parent.fade(extent, event.run(), false);
                Page shared = page.isResident() ? page.with(page.frame(), false) : page;
                parent.pages[extent] = shared;
                child.pages[extent] = shared;
            }
            System.arraycopy(parent.intact, 0, child.intact, 0, Layout.BLOCK_COUNT);
            next.processes.put(child.id, child);
            to.to(next, new ForkRun(event, 2, others));
        }
    }
}
