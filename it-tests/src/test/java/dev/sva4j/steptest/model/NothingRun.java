package dev.sva4j.steptest.model;

/** Was not called. */
final class NothingRun extends Run {
    NothingRun(Event event) {
        super(event, 0);
    }

    @Override
    void step(World world, Branches to) {
        if (saw(Outcome.SKIPPED)) {
            to.to(world, null);
        }
    }
}
