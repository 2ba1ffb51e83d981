package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.function.BooleanSupplier;

/**
 * One SMMU as the classes of the driver share it: its registers by name, its name in messages, and the only way to
 * wait.
 */
final class Unit {
    private static final int NARROW = 32;

    private final String name;
    private final Mmio registers;
    private final Scheduler scheduler;
    private final long timeoutNanos;

    Unit(DriverHost host) {
        this.name = host.name();
        this.registers = host.registers();
        this.scheduler = host.scheduler();
        this.timeoutNanos = host.commandTimeoutNanos();
    }

    String name() {
        return name;
    }

    long read(RegisterLayout register) {
        return register.width() == NARROW
                ? Integer.toUnsignedLong(registers.read32(register.offset()))
                : registers.read64(register.offset());
    }

    void write(RegisterLayout register, long value) {
        if (register.width() == NARROW) {
            registers.write32(register.offset(), (int) value);
        } else {
            registers.write64(register.offset(), value);
        }
    }

    /**
     * Writes a control register and waits until its acknowledge register shows the same: only then the update is
     * complete.
     */
    void writeAcknowledged(RegisterLayout control, RegisterLayout acknowledge, long value) {
        write(control, value);
        await(() -> read(acknowledge) == value, acknowledge.name() + " to show 0x" + Long.toHexString(value));
    }

    /** The latest moment to which a wait that starts now may last. */
    long deadline() {
        long now = scheduler.nanoTime();
        long deadline = now + timeoutNanos;
        return deadline < now ? Scheduler.NEVER : deadline;
    }

    /** Waits for a condition of the hardware; {@code false} if the deadline passed first. */
    boolean await(BooleanSupplier condition, long deadline) {
        return scheduler.await(condition, deadline);
    }

    /** Waits for a condition of the hardware, at most the command time-out. */
    void await(BooleanSupplier condition, String what) {
        if (!await(condition, deadline())) {
            throw timedOut("waited for " + what);
        }
    }

    /** Runs {@code body} as a task of its own. */
    void spawn(String what, Runnable body) {
        scheduler.spawn(name + "-" + what, body);
    }

    SvaException timedOut(String message) {
        return refusal(SvaError.TIMED_OUT, message + " for " + timeoutNanos + " ns");
    }

    SvaException refusal(SvaError error, String message) {
        return new SvaException(error, name + ": " + message);
    }
}
