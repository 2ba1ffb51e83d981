package dev.sva4j.spi.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.function.BooleanSupplier;
import org.apiguardian.api.API;

/**
 * One IOMMU as the classes of a driver half share it: its registers by name, its name in messages, and the only way to
 * wait.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class Unit {
    private static final int NARROW = 32;

    private final String name;
    private final Mmio registers;
    private final Scheduler scheduler;
    private final long timeoutNanos;

    /** Takes what it needs from the host; touches nothing. */
    public Unit(DriverHost host) {
        this.name = host.name();
        this.registers = host.registers();
        this.scheduler = host.scheduler();
        this.timeoutNanos = host.commandTimeoutNanos();
    }

    /** Name of this IOMMU in messages. */
    public String name() {
        return name;
    }

    /** The register's value, zero-extended if it has 32 bits. */
    public long read(RegisterLayout register) {
        return register.width() == NARROW
                ? Integer.toUnsignedLong(registers.read32(register.offset()))
                : registers.read64(register.offset());
    }

    /** Writes a register; of a 32-bit one the low half. */
    public void write(RegisterLayout register, long value) {
        if (register.width() == NARROW) {
            registers.write32(register.offset(), (int) value);
        } else {
            registers.write64(register.offset(), value);
        }
    }

    /** Reads 64 bits at an offset that only hardware tells. */
    public long read64(long offset) {
        return registers.read64(offset);
    }

    /** Writes the low 32 bits of {@code value} at an offset that only hardware tells. */
    public void write32(long offset, long value) {
        registers.write32(offset, (int) value);
    }

    /**
     * Writes a control register and waits until its acknowledge register shows the same: only then the update is
     * complete.
     *
     * @throws dev.sva4j.api.SvaException TIMED_OUT
     */
    public void writeAcknowledged(RegisterLayout control, RegisterLayout acknowledge, long value) {
        write(control, value);
        await(() -> read(acknowledge) == value, acknowledge.name() + " to show 0x" + Long.toHexString(value));
    }

    /** The clock that deadlines are of. */
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    /** How long a command may take, nanoseconds. */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** The latest moment to which a wait that starts now may last. */
    public long deadline() {
        long now = scheduler.nanoTime();
        long deadline = now + timeoutNanos;
        return deadline < now ? Scheduler.NEVER : deadline;
    }

    /** Waits for a condition of the hardware; {@code false} if the deadline passed first. */
    public boolean await(BooleanSupplier condition, long deadline) {
        return scheduler.await(condition, deadline);
    }

    /**
     * Waits for a condition of the hardware, at most the command time-out.
     *
     * @param what ends the sentence "waited for ..."
     * @throws dev.sva4j.api.SvaException TIMED_OUT
     */
    public void await(BooleanSupplier condition, String what) {
        if (!await(condition, deadline())) {
            throw timedOut("waited for " + what);
        }
    }

    /** Runs {@code body} as a task of its own. */
    public void spawn(String what, Runnable body) {
        scheduler.spawn(name + "-" + what, body);
    }

    /** TIMED_OUT with this IOMMU's name and the time-out in the message. */
    public SvaException timedOut(String message) {
        return refusal(SvaError.TIMED_OUT, message + " for " + timeoutNanos + " ns");
    }

    /** An error with this IOMMU's name in the message. */
    public SvaException refusal(SvaError error, String message) {
        return new SvaException(error, name + ": " + message);
    }
}
