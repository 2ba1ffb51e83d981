package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.EVENTQ_IRQ_CFG0;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.EVENTQ_IRQ_CFG1;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.EVENTQ_IRQ_CFG2;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERROR_IRQ_CFG0;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERROR_IRQ_CFG1;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERROR_IRQ_CFG2;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.IRQ_CFG0_ADDR;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.IRQ_CTRL;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.IRQ_CTRLACK;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.IRQ_CTRL_EVENTQ_IRQEN;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.IRQ_CTRL_GERROR_IRQEN;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.IRQ_CTRL_PRIQ_IRQEN;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.PRIQ_IRQ_CFG0;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.PRIQ_IRQ_CFG1;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.PRIQ_IRQ_CFG2;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.PRIQ_IRQ_CFG2_LO;

import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * Interrupts and their registers (§3.18): edges, as messages where a source has an address, else on wires.
 *
 * <p>A message is a 32-bit write. One whose address lies in memory is that write, which is how software polls for a
 * CMD_SYNC; any other goes to the interrupt controller.
 */
final class Interrupts {
    /** What interrupts. */
    enum Source {
        EVENTQ,
        PRIQ,
        GERROR
    }

    private static final int EVENTQ_LINE = 0;
    private static final int PRIQ_LINE = 1;
    private static final int CMDQ_SYNC_LINE = 2;
    private static final int GERROR_LINE = 3;
    private static final int MESSAGE_BYTES = 4;

    private final InterruptSink sink;
    private final PhysicalMemory memory;
    private final Features features;

    /** IRQ_CTRL and its acknowledgement: a change takes effect at once. Written under the lock of this. */
    private volatile long control;

    private final Message eventq = new Message(EVENTQ_LINE, IRQ_CTRL_EVENTQ_IRQEN);
    private final Message priq = new Message(PRIQ_LINE, IRQ_CTRL_PRIQ_IRQEN);
    private final Message gerror = new Message(GERROR_LINE, IRQ_CTRL_GERROR_IRQEN);

    Interrupts(InterruptSink sink, PhysicalMemory memory, Features features) {
        this.sink = sink;
        this.memory = memory;
        this.features = features;
    }

    void defineRegisters(RegisterFile registers) {
        registers.define(IRQ_CTRL, () -> control, this::writeControl);
        registers.define(IRQ_CTRLACK, () -> control);
        gerror.define(registers, GERROR_IRQ_CFG0, GERROR_IRQ_CFG1, GERROR_IRQ_CFG2);
        eventq.define(registers, EVENTQ_IRQ_CFG0, EVENTQ_IRQ_CFG1, EVENTQ_IRQ_CFG2);
        if (features.pri) {
            priq.define(registers, PRIQ_IRQ_CFG0, PRIQ_IRQ_CFG1, PRIQ_IRQ_CFG2);
        }
    }

    private synchronized void writeControl(long value) {
        long written = IRQ_CTRL.afterWrite(control, value);
        control = features.pri ? written : IRQ_CTRL_PRIQ_IRQEN.clear(written);
    }

    /** Interrupts, if the source is enabled. No lock may be held. */
    void raise(Source source) {
        Message message = switch (source) {
            case EVENTQ -> eventq;
            case PRIQ -> priq;
            case GERROR -> gerror;
        };
        if (!message.enable.isSet(control)) {
            return;
        }
        long address = IRQ_CFG0_ADDR.getAddress(message.address);
        if (features.msi && address != 0) {
            send(address, (int) message.data);
        } else {
            sink.wired(message.line);
        }
    }

    /** Signals the completion of a CMD_SYNC with CS = SIG_IRQ, which has no enable; address 0 means the wire. */
    void signalSync(long address, int data) {
        if (features.msi && address != 0) {
            send(address, data);
        } else {
            sink.wired(CMDQ_SYNC_LINE);
        }
    }

    private void send(long address, int data) {
        if (memory.contains(address, MESSAGE_BYTES)) {
            memory.store32(address, data);
        } else {
            sink.message(address, data);
        }
    }

    /**
     * Whether the PRI queue interrupts for the last request of a group instead of the first entry (PRIQ_IRQ_CFG2.LO).
     */
    boolean onLastPageRequest() {
        return PRIQ_IRQ_CFG2_LO.isSet(priq.attributes);
    }

    /** The three configuration registers of a source: writable while it is disabled, RES0 without messages. */
    private final class Message {
        private final int line;
        private final BitField enable;

        // Written under the lock of the enclosing object, read by whoever interrupts.
        private volatile long address;
        private volatile long data;
        private volatile long attributes;

        Message(int line, BitField enable) {
            this.line = line;
            this.enable = enable;
        }

        void define(RegisterFile registers, RegisterLayout cfg0, RegisterLayout cfg1, RegisterLayout cfg2) {
            registers.define(cfg0, () -> address, value -> {
                synchronized (Interrupts.this) {
                    address = mayWrite() ? cfg0.afterWrite(address, value) : address;
                }
            });
            registers.define(cfg1, () -> data, value -> {
                synchronized (Interrupts.this) {
                    data = mayWrite() ? cfg1.afterWrite(data, value) : data;
                }
            });
            registers.define(cfg2, () -> attributes, value -> {
                synchronized (Interrupts.this) {
                    attributes = mayWrite() ? cfg2.afterWrite(attributes, value) : attributes;
                }
            });
        }

        private boolean mayWrite() {
            return features.msi && !enable.isSet(control);
        }
    }
}
