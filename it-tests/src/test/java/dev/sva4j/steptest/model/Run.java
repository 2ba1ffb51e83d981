package dev.sva4j.steptest.model;

/**
 * An operation on its way, as the model sees it: a sequence of moments at which it takes effect. What was seen of it is known already, so a
 * run only asks whether that can be. Immutable.
 */
abstract class Run {
    /** Takes the ways in which a run can go on. */
    interface Branches {
        /** {@code next} is null if the operation has returned. */
        void to(World world, Run next);
    }

    final Event event;
    final int stage;

    Run(Event event, int stage) {
        this.event = event;
        this.stage = stage;
    }

    /** Gives every way in which it can take its next effect; none if it has to wait, or if what was seen cannot be. */
    abstract void step(World world, Branches to);

    /** Where it is; runs of one event with equal marks behave alike. */
    String mark() {
        return Integer.toString(stage);
    }

    Op op() {
        return event.op();
    }

    boolean saw(Outcome outcome) {
        return event.seen().is(outcome);
    }

    Process process(World world) {
        return world.processes.get(event.target().process());
    }

    Device device(World world) {
        return world.devices.get(event.target().device());
    }

    /**
     * Whether a refusal for want of memory may be: somebody has eaten it, and, if nothing else went on, fewer frames were free than the
     * operation can need. How many tables it really needs is the business of the format.
     */
    boolean memoryMayLack(World world, long frames) {
        return world.pressure && event.seen().freeFrames() < frames;
    }

    static Run start(Event event) {
        if (event.target().skip() || event.seen().is(Outcome.SKIPPED)) {
            return new NothingRun(event);
        }
        return switch (event.op().kind()) {
            case CREATE -> new CreateRun(event);
            case MAP, MAP_HUGE -> new MapRun(event, 0);
            case UNMAP, PROTECT, DISCARD -> new ChangeRun(event);
            case POPULATE, CPU_READ, CPU_WRITE -> new CpuRun(event, 0, 0, 0);
            case FORK -> new ForkRun(event);
            case EXEC -> new ExecRun(event, 0);
            case DMA_READ,
                    DMA_WRITE,
                    DMA_FETCH_ADD,
                    DMA_COMPARE_AND_SWAP,
                    DMA_PREFETCH,
                    DMA_UNTAGGED,
                    DMA_BEYOND_WIDTH -> DmaRun.start(event);
            case BIND, BIND_CLOSED_DEVICE -> new BindRun(event, 0);
            case UNBIND -> new UnbindRun(event, 0);
            case EXIT, OOM_KILL, CLOSE -> new ExitRun(event, 0);
            case RETURN_FROM_CALLBACK, INIT_DEVICE, REMOVE_DEVICE, ADD_DEVICE, EAT_MEMORY, FREE_MEMORY ->
                new MomentRun(event);
            case CLOSE_DEVICE, CLOSE_DEVICE_AGAIN -> new CloseDeviceRun(event, 0, -1);
        };
    }

    /** Puts a new process into its slot. What was there is forgotten after the step. */
    static void place(World world, int slot, Process fresh) {
        world.processSlots[slot] = fresh.id;
        world.processes.put(fresh.id, fresh);
    }
}
