package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.layout.InterruptRegisters.MSI_ADDRESS_HI;
import static dev.sva4j.vendor.amd.layout.InterruptRegisters.MSI_ADDRESS_LO;
import static dev.sva4j.vendor.amd.layout.InterruptRegisters.MSI_CAPABILITY;
import static dev.sva4j.vendor.amd.layout.InterruptRegisters.MSI_DATA;
import static dev.sva4j.vendor.amd.layout.StatusRegister.STATUS;

import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.InterruptRegisters;
import dev.sva4j.vendor.amd.layout.StatusRegister;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The flags of Status that software clears, and the interrupt that they raise (AMD-Vi 3.3).
 *
 * <p>A message is sent when a flag and its enable in Control become 1 together, whichever comes second; while both stay,
 * none follows. There is one message for everything, as only one is given: MsiMultMessEn is 0. It goes where the MSI
 * registers say, and nowhere without MsiEn; one that was not sent is not made up for.
 *
 * <p>Thread-safe. No lock may be held by callers, as messages are sent on their threads.
 */
final class Interrupts {
    private static final int MSI_CAP_ID = 5;

    /** A flag and what lets it interrupt. */
    private record Source(BitField flag, BitField enable) {}

    private static final List<Source> SOURCES = List.of(
            new Source(StatusRegister.EVENT_OVERFLOW, ControlRegister.EVENT_INT_EN),
            new Source(StatusRegister.EVENT_LOG_INT, ControlRegister.EVENT_INT_EN),
            new Source(StatusRegister.COM_WAIT_INT, ControlRegister.COM_WAIT_INT_EN),
            new Source(StatusRegister.PPR_OVERFLOW, ControlRegister.PPR_INT_EN),
            new Source(StatusRegister.PPR_INT, ControlRegister.PPR_INT_EN));

    private final InterruptSink sink;

    // Written under the lock of this, read by anyone.
    private volatile long flags;
    private volatile long control;
    private volatile long capability =
            InterruptRegisters.MSI_CAP_ID.encode(MSI_CAP_ID) | InterruptRegisters.MSI64_EN.encode(true);
    private volatile long addressLo;
    private volatile long addressHi;
    private volatile long data;

    Interrupts(InterruptSink sink) {
        this.sink = sink;
    }

    /**
     * Defines the registers.
     *
     * @param runBits what Status says of the logs and the command buffer
     */
    void defineRegisters(RegisterFile registers, Features features, LongSupplier runBits) {
        registers.define(STATUS, () -> flags | runBits.getAsLong(), this::clear);
        if (!features.messageRegisters) {
            return;
        }
        registers.define(InterruptRegisters.MSI_VECTOR_0, () -> 0);
        registers.define(InterruptRegisters.MSI_VECTOR_1, () -> 0);
        registers.define(MSI_CAPABILITY, () -> capability, value -> {
            synchronized (this) {
                capability = MSI_CAPABILITY.afterWrite(capability, value);
            }
        });
        registers.define(MSI_ADDRESS_LO, () -> addressLo, value -> {
            synchronized (this) {
                addressLo = MSI_ADDRESS_LO.afterWrite(addressLo, value);
            }
        });
        registers.define(MSI_ADDRESS_HI, () -> addressHi, value -> {
            synchronized (this) {
                addressHi = MSI_ADDRESS_HI.afterWrite(addressHi, value);
            }
        });
        registers.define(MSI_DATA, () -> data, value -> {
            synchronized (this) {
                data = MSI_DATA.afterWrite(data, value);
            }
        });
    }

    private synchronized void clear(long written) {
        flags = STATUS.afterWrite(flags, written);
    }

    /** Whether a flag is set. */
    boolean isSet(BitField flag) {
        return flag.isSet(flags);
    }

    /** Sets a flag. */
    void raise(BitField flag) {
        boolean send;
        synchronized (this) {
            int before = pending();
            flags = flag.put(flags, true);
            send = pending() > before;
        }
        sendIf(send);
    }

    /** Control was written. */
    void enable(long newControl) {
        boolean send = false;
        synchronized (this) {
            for (Source source : SOURCES) {
                boolean enabled = source.enable.isSet(newControl) && !source.enable.isSet(control);
                send |= enabled && source.flag.isSet(flags);
            }
            control = newControl;
        }
        sendIf(send);
    }

    /** How many flags are set and enabled. */
    private int pending() {
        int count = 0;
        for (Source source : SOURCES) {
            count += source.flag.isSet(flags) && source.enable.isSet(control) ? 1 : 0;
        }
        return count;
    }

    private void sendIf(boolean send) {
        if (send && InterruptRegisters.MSI_EN.isSet(capability)) {
            sink.message(
                    InterruptRegisters.messageAddress(addressLo, addressHi), (int) InterruptRegisters.DATA.get(data));
        }
    }
}
