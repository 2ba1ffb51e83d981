package dev.sva4j.spi.hardware;

import java.util.concurrent.atomic.AtomicInteger;
import org.apiguardian.api.API;

/**
 * Runs a piece of work on one thread at a time without making anyone wait: whoever finds it running leaves word that
 * there may be more, and goes.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class Combiner {
    private final Runnable work;

    /** Calls of {@link #run} not served yet: whoever raises it from 0 does the work. */
    private final AtomicInteger calls = new AtomicInteger();

    /** For work that does everything there is to do now, and need not be safe against itself. */
    public Combiner(Runnable work) {
        this.work = work;
    }

    /** Does the work, here or on the thread that is at it already, at least once after this call began. */
    public void run() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int served;
        do {
            served = calls.get();
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                // Whoever calls next works; what went wrong is for this caller to see.
                calls.set(0);
                throw e;
            }
        } while (!calls.compareAndSet(served, 0));
    }

    /** Whether a thread is at it. */
    public boolean isRunning() {
        return calls.get() != 0;
    }
}
