package dev.sva4j.spi.driver;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apiguardian.api.API;

/**
 * Consumer of something that hardware fills: a queue in memory, or records in registers.
 *
 * <p>Two kinds of tasks consume: the interrupt's, and whoever drains. One at a time does, for one {@link #pass}, which is
 * bounded however fast hardware fills. If something is left then, another task goes on, because no interrupt may come for
 * it: that is sent when there is something new, and it may never have been.
 *
 * <p>Thread-safe. What a pass touches belongs to the pass: passes do not overlap, and each sees what the one before wrote.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public abstract class QueueConsumer {
    private final Unit unit;
    private final String name;

    /** Whether someone consumes. Whoever has set it may touch what belongs to a pass; not kept at a wait. */
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Whether a task that goes on is on its way. Any thread. */
    private final AtomicBoolean continuing = new AtomicBoolean();

    /** Whether the hardware is off. Guarded by {@link #busy}. */
    private boolean stopped;

    /**
     * Nothing is consumed yet.
     *
     * @param name of the queue, in messages and of the task that goes on
     */
    protected QueueConsumer(Unit unit, String name) {
        this.unit = unit;
        this.name = name;
    }

    /** The name of the queue, for messages. */
    protected final String name() {
        return name;
    }

    /** Delivers what there was at its start, in order, each entry once. Does not wait. Returns how many it took. */
    protected abstract long pass();

    /** Whether there is something for another pass. */
    protected abstract boolean isMoreLeft();

    /** The interrupt's handler. */
    public final void onInterrupt() {
        consume();
    }

    /**
     * One pass, after whoever consumes now has ended his.
     *
     * @return how many entries it took; 0 after {@link #stop}
     */
    protected final long consume() {
        acquire();
        boolean more = false;
        try {
            if (stopped) {
                return 0;
            }
            more = true;
            long taken = pass();
            more = isMoreLeft();
            return taken;
        } finally {
            busy.set(false);
            if (more) {
                goOn();
            }
        }
    }

    /** The hardware is off: nothing is consumed any more, whoever comes late. */
    public final void stop() {
        acquire();
        stopped = true;
        busy.set(false);
    }

    private void goOn() {
        if (continuing.compareAndSet(false, true)) {
            unit.spawn(name, () -> {
                continuing.set(false);
                consume();
            });
        }
    }

    private void acquire() {
        while (!busy.compareAndSet(false, true)) {
            unit.await(() -> !busy.get(), "another consumer of the " + name);
        }
    }
}
