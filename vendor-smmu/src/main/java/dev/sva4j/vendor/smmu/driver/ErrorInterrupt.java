package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The handler of global errors (IHI 0070 §6; {@code arm_smmu_gerror_handler}). */
final class ErrorInterrupt {
    private final Unit unit;
    private final GlobalErrors errors;
    private final CommandQueue commands;
    private final EventQueue events;

    /** Null without PRI. */
    private final @Nullable PriQueue pageRequests;

    private final FaultSink faults;

    ErrorInterrupt(
            Unit unit,
            GlobalErrors errors,
            CommandQueue commands,
            EventQueue events,
            @Nullable PriQueue pageRequests,
            FaultSink faults) {
        this.unit = unit;
        this.errors = errors;
        this.commands = commands;
        this.events = events;
        this.pageRequests = pageRequests;
        this.faults = faults;
    }

    /** Gets hardware going again. */
    void handle() {
        commands.attend();
        // An aborted write loses a record; the next one may find room. Some models say so instead of OVFLG when the
        // queue is full.
        if (errors.acknowledge(InterruptRegisters.GERROR_EVENTQ_ABT_ERR)) {
            faults.eventsLost();
            events.onInterrupt();
        }
        if (errors.acknowledge(InterruptRegisters.GERROR_PRIQ_ABT_ERR)) {
            faults.pageRequestsLost();
        }
        lostMessages();
        commands.takeUnreported().forEach(this::report);
        if (errors.acknowledge(InterruptRegisters.GERROR_SFM_ERR)) {
            report(unit.name() + ": hardware has entered Service Failure Mode and translates no more");
        }
    }

    /**
     * What nobody waits for fails in a task of its own: the scheduler keeps what escapes from a task and reports it
     * when the system closes, and this handler goes on.
     */
    private void report(String failure) {
        unit.spawn("failure", () -> {
            throw new IllegalStateException(failure);
        });
    }

    /** A message that aborted was about something: look at all that messages can be about. */
    private void lostMessages() {
        boolean any = false;
        for (BitField error : List.of(
                InterruptRegisters.GERROR_MSI_EVENTQ_ABT_ERR,
                InterruptRegisters.GERROR_MSI_PRIQ_ABT_ERR,
                InterruptRegisters.GERROR_MSI_GERROR_ABT_ERR)) {
            any = errors.acknowledge(error) || any;
        }
        if (any) {
            events.onInterrupt();
            if (pageRequests != null) {
                pageRequests.onInterrupt();
            }
        }
    }
}
