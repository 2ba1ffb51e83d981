package dev.sva4j.steptest.model;

/** exec: an empty process, and the old one ends as if it had been closed. */
final class ExecRun extends UserRun {
    ExecRun(Event event, int stage) {
        super(event, stage);
    }

    @Override
    Run begun() {
        return new ExecRun(event, 1);
    }

    @Override
    void act(World world, Branches to) {
        if (stage == 1) {
            if (memoryMayLack(world, 1)) {
                refuse(Outcome.NO_MEMORY, world, to);
            }
            if (saw(Outcome.OK)) {
                World next = world.copy();
                Process old = process(next);
                old.exiting = true;
                old.closed = true;
                old.users--;
                next.forgetIfUnreferenced(old.id);
                place(next, event.target().slot(), new Process(event.target().fresh()));
                to.to(next, new ExecRun(event, 2));
            }
        } else if (ExitRun.mayReturn(process(world))) {
            to.to(world, null);
        }
    }
}
