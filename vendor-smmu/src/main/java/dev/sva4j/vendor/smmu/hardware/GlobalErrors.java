package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERROR;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERRORN;

import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.layout.BitField;

/**
 * GERROR and GERRORN (§6.3.19, §7.5): an error is active while its bits differ. Hardware toggles the one, software
 * acknowledges by making the other equal.
 */
final class GlobalErrors {
    private final Interrupts interrupts;

    // Both are written under the lock of this.
    private volatile long errors;
    private volatile long acknowledged;

    GlobalErrors(Interrupts interrupts) {
        this.interrupts = interrupts;
    }

    /** Defines the registers; {@code onAcknowledge} runs after each write of GERRORN. */
    void defineRegisters(RegisterFile registers, Runnable onAcknowledge) {
        registers.define(GERROR, () -> errors);
        registers.define(GERRORN, () -> acknowledged, value -> {
            synchronized (this) {
                acknowledged = GERRORN.afterWrite(acknowledged, value);
            }
            onAcknowledge.run();
        });
    }

    boolean isActive(BitField error) {
        return error.isSet(errors) != error.isSet(acknowledged);
    }

    /** Makes an error active and interrupts, unless it is active already. No lock may be held. */
    void activate(BitField error) {
        synchronized (this) {
            if (isActive(error)) {
                return;
            }
            errors = error.put(errors, !error.isSet(errors));
        }
        interrupts.raise(Interrupts.Source.GERROR);
    }
}
