package dev.sva4j.steptest.model;

/**
 * An operation of a process. It is a user of the process while it is under way; once exit has begun nobody becomes one. Calls that began
 * before go on.
 */
abstract class UserRun extends Run {
    UserRun(Event event, int stage) {
        super(event, stage);
    }

    /** The same after it has become a user. */
    abstract Run begun();

    /** Takes an effect as a user. */
    abstract void act(World world, Branches to);

    /** Whether it may exchange what is behind a page, so that for a moment nothing is there. */
    boolean breaks() {
        return false;
    }

    @Override
    final void step(World world, Branches to) {
        if (stage > 0) {
            act(world, to);
        } else if (process(world).exiting) {
            if (saw(Outcome.STALE)) {
                to.to(world, null);
            }
        } else {
            World next = world.copy();
            process(next).users++;
            countBreaking(process(next), 1);
            to.to(next, begun());
        }
    }

    /** Ends: {@code copy} belongs to the caller. */
    void finish(World copy, Branches to) {
        Process process = process(copy);
        process.users--;
        countBreaking(process, -1);
        process.settle(event.run());
        to.to(copy, null);
    }

    /** Ends without having changed anything, if that was seen. */
    void refuse(Outcome outcome, World world, Branches to) {
        if (saw(outcome)) {
            finish(world.copy(), to);
        }
    }

    private void countBreaking(Process process, int change) {
        if (breaks()) {
            breaking(process, op().first(), lastTouched(), change);
        }
    }

    private int lastTouched() {
        return op().kind() == OpKind.CPU_WRITE ? Chunk.lastExtent(op()) : op().last();
    }

    /** A block is exchanged as a whole. */
    static void breaking(Process process, int first, int last, int change) {
        int from = Layout.block(first) == Layout.NONE ? first : Layout.firstOfBlock(Layout.block(first));
        int to = Layout.block(last) == Layout.NONE ? last : Layout.lastOfBlock(Layout.block(last));
        process.breaking(from, to, change);
    }
}
