package dev.sva4j.steptest.model;

/** A process from nothing. */
final class CreateRun extends Run {
    CreateRun(Event event) {
        super(event, 0);
    }

    @Override
    void step(World world, Branches to) {
        if (saw(Outcome.NO_MEMORY) && memoryMayLack(world, 1)) {
            to.to(world, null);
        }
        if (saw(Outcome.OK)) {
            World next = world.copy();
            place(next, event.target().slot(), new Process(event.target().fresh()));
            to.to(next, null);
        }
    }
}
