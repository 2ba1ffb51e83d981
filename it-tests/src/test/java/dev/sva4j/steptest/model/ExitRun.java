package dev.sva4j.steptest.model;

/**
 * exit, close and oomKill. Exit tears down before it returns, unless somebody else is a user at that moment: then the last one does so. A kill
 * leaves everything to tasks of its own.
 */
final class ExitRun extends Run {
    ExitRun(Event event, int stage) {
        super(event, stage);
    }

    @Override
    void step(World world, Branches to) {
        if (!saw(Outcome.OK)) {
            return;
        }
        if (stage == 1) {
            if (mayReturn(process(world))) {
                to.to(world, null);
            }
            return;
        }
        World next = world.copy();
        Process process = process(next);
        boolean first = !process.exiting;
        process.exiting = true;
        switch (op().kind()) {
            case CLOSE -> {
                process.closed = true;
                next.forgetIfUnreferenced(process.id);
            }
            case OOM_KILL -> {
                if (!process.isKilled() && process.life != Process.Life.DEAD) {
                    process.reaper = Process.Reaper.PENDING;
                }
                first = false;
            }
            default -> {
                // Exit gives up nothing but the users count.
            }
        }
        to.to(next, first ? new ExitRun(event, 1) : null);
    }

    /** Page requests that are being handled count as users, and nobody outside can tell when one ends. */
    static boolean mayReturn(Process process) {
        return process.life == Process.Life.DEAD || process.users > 0 || process.faulting > 0;
    }
}
