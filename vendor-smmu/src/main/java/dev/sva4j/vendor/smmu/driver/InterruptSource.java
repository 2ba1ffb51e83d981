package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;

/**
 * What can interrupt (IHI 0070 §6), with the wire that means the same where there are no messages. Wire 2, the
 * completion of a CMD_SYNC, is not used: waiting for it would take longer than the commands.
 */
enum InterruptSource {
    EVENT_QUEUE(
            "evtq",
            0,
            InterruptRegisters.IRQ_CTRL_EVENTQ_IRQEN,
            InterruptRegisters.EVENTQ_IRQ_CFG0,
            InterruptRegisters.EVENTQ_IRQ_CFG1,
            InterruptRegisters.EVENTQ_IRQ_CFG2),
    PRI_QUEUE(
            "priq",
            1,
            InterruptRegisters.IRQ_CTRL_PRIQ_IRQEN,
            InterruptRegisters.PRIQ_IRQ_CFG0,
            InterruptRegisters.PRIQ_IRQ_CFG1,
            InterruptRegisters.PRIQ_IRQ_CFG2),
    GLOBAL_ERROR(
            "gerror",
            3,
            InterruptRegisters.IRQ_CTRL_GERROR_IRQEN,
            InterruptRegisters.GERROR_IRQ_CFG0,
            InterruptRegisters.GERROR_IRQ_CFG1,
            InterruptRegisters.GERROR_IRQ_CFG2);

    private final String label;
    private final int line;

    // The layout types are immutable, but only an annotation that the api does not depend on could tell the checker.
    @SuppressWarnings("ImmutableEnumChecker")
    private final BitField enable;

    @SuppressWarnings("ImmutableEnumChecker")
    private final RegisterLayout cfg0;

    @SuppressWarnings("ImmutableEnumChecker")
    private final RegisterLayout cfg1;

    @SuppressWarnings("ImmutableEnumChecker")
    private final RegisterLayout cfg2;

    InterruptSource(
            String label, int line, BitField enable, RegisterLayout cfg0, RegisterLayout cfg1, RegisterLayout cfg2) {
        this.label = label;
        this.line = line;
        this.enable = enable;
        this.cfg0 = cfg0;
        this.cfg1 = cfg1;
        this.cfg2 = cfg2;
    }

    /** For traces. */
    String label() {
        return label;
    }

    int line() {
        return line;
    }

    /** Its enable in IRQ_CTRL. */
    BitField enable() {
        return enable;
    }

    RegisterLayout cfg0() {
        return cfg0;
    }

    RegisterLayout cfg1() {
        return cfg1;
    }

    RegisterLayout cfg2() {
        return cfg2;
    }
}
