package dev.sva4j.conformance;

import java.util.function.Predicate;

/** A device that keeps working while a rule does something else. */
final class Traffic {
    /** So that a schedule which never lets the rule stop it ends all the same. */
    private static final int MOST = 2_000;

    private final Machine machine;
    private final Job job;
    private volatile boolean stopped;
    private volatile boolean good = true;
    private volatile int rounds;

    private Traffic(Machine machine, Predicate<Channel> access) {
        this.machine = machine;
        Channel channel = machine.accelerator().newChannel();
        this.job = machine.start("traffic", () -> work(channel, access));
    }

    /**
     * Starts it, and waits until the first accesses are through.
     *
     * @param access one access; whether it met nothing but what it may
     */
    static Traffic of(Machine machine, Predicate<Channel> access) {
        Traffic traffic = new Traffic(machine, access);
        machine.await("the device has begun", () -> traffic.rounds > 2 || traffic.job.isDone());
        return traffic;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void work(Channel channel, Predicate<Channel> access) {
        for (int round = 0; round < MOST && !stopped; round++) {
            good &= access.test(channel);
            rounds++;
            machine.system().scheduler().yieldPoint();
        }
    }

    /** Ends it; returns when the last access has ended. */
    void stop() {
        stopped = true;
        job.join();
    }

    /** Whether nothing went wrong so far. */
    boolean isGood() {
        return good;
    }
}
