package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.EventRegisters.IM;
import static dev.sva4j.vendor.vtd.layout.EventRegisters.IMD;
import static dev.sva4j.vendor.vtd.layout.EventRegisters.IP;

import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.vtd.layout.EventRegisters;

/**
 * One of the three interrupts (11.4.10): faults, completed waits, page requests. An event is sent at once, or kept in
 * IP while IM masks it; it is sent when the mask goes, unless software has dealt with its cause before.
 *
 * <p>Thread-safe. No lock may be held by callers, as messages are sent on their threads.
 */
final class EventMessage {
    private final InterruptSink sink;

    // Registers: written under the lock of this, read by anyone. Software writes a message while it is masked.
    private volatile long control = IM.mask();
    private volatile long data;
    private volatile long address;
    private volatile long upperAddress;

    EventMessage(InterruptSink sink) {
        this.sink = sink;
    }

    void defineRegisters(
            RegisterFile registers,
            RegisterLayout ctl,
            RegisterLayout dataLayout,
            RegisterLayout addr,
            RegisterLayout uaddr) {
        registers.define(ctl, () -> control, value -> writeControl(ctl, value));
        registers.define(dataLayout, () -> data, value -> {
            synchronized (this) {
                data = dataLayout.afterWrite(data, value);
            }
        });
        registers.define(addr, () -> address, value -> {
            synchronized (this) {
                address = addr.afterWrite(address, value);
            }
        });
        registers.define(uaddr, () -> upperAddress, value -> {
            synchronized (this) {
                upperAddress = uaddr.afterWrite(upperAddress, value);
            }
        });
    }

    private void writeControl(RegisterLayout ctl, long value) {
        boolean send;
        synchronized (this) {
            control = ctl.afterWrite(control, value);
            send = takePending();
        }
        sendIf(send);
    }

    /** An event has happened. */
    void raise() {
        boolean send;
        synchronized (this) {
            control = IP.put(control, true);
            send = takePending();
        }
        sendIf(send);
    }

    /** Software has dealt with every cause: an event that is still masked is void. */
    synchronized void withdraw() {
        control = IP.clear(control);
    }

    private boolean takePending() {
        if (!IP.isSet(control) || IM.isSet(control)) {
            return false;
        }
        control = IP.clear(control);
        return true;
    }

    private void sendIf(boolean send) {
        if (send) {
            sink.message(EventRegisters.messageAddress(address, upperAddress), (int) IMD.get(data));
        }
    }
}
