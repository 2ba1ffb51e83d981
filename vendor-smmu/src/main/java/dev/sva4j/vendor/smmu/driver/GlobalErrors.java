package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;

/**
 * The handshake of GERROR and GERRORN (IHI 0070 §6): hardware raises an error by toggling its bit in GERROR, software
 * acknowledges it by making GERRORN equal.
 */
final class GlobalErrors {
    private final Unit unit;
    private final Object lock = new Object();

    /** GERRORN as last written; written under {@link #lock}, because one write replaces the bits of all errors. */
    private volatile long acknowledged;

    GlobalErrors(Unit unit) {
        this.unit = unit;
    }

    /** Acknowledges what happened before this driver. */
    void acknowledgeAll() {
        synchronized (lock) {
            publish(unit.read(InterruptRegisters.GERROR));
        }
    }

    /** Whether the error waits for an acknowledgement. */
    boolean isActive(BitField error) {
        return isActive(unit.read(InterruptRegisters.GERROR), error);
    }

    private boolean isActive(long gerror, BitField error) {
        return error.isSet(gerror) != error.isSet(acknowledged);
    }

    /**
     * Acknowledges an error if it is active.
     *
     * @return whether it was
     */
    boolean acknowledge(BitField error) {
        synchronized (lock) {
            long gerror = unit.read(InterruptRegisters.GERROR);
            if (!isActive(gerror, error)) {
                return false;
            }
            publish(error.put(acknowledged, error.isSet(gerror)));
            return true;
        }
    }

    private void publish(long gerrorn) {
        // First the copy: what hardware raises in answer to the write must find it up to date.
        acknowledged = gerrorn;
        unit.write(InterruptRegisters.GERRORN, gerrorn);
    }
}
