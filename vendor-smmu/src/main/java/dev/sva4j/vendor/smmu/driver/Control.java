package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.Cacheability;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import dev.sva4j.vendor.smmu.layout.Shareability;

/**
 * The switches of the SMMU (IHI 0070 §6).
 *
 * <p>Used by one task at a time: the one that starts the driver, then whoever restarts the Command queue, then the one
 * that closes it.
 */
final class Control {
    /** A memory type as registers code it: what Linux asks for in messages. */
    private static final int DEVICE_NGNRE = 1;

    private final Unit unit;

    /** CR0 as last written. */
    private long cr0;

    /** IRQ_CTRL as last written. */
    private long irqCtrl;

    Control(Unit unit) {
        this.unit = unit;
    }

    /**
     * What does not pass through tables aborts: before they are in place, and after the driver has gone. GBPA takes a
     * value whole, and only while no update is under way.
     */
    void abortWhileOff() {
        unit.await(() -> !isGbpaUpdating(), "GBPA.Update to be 0");
        long gbpa = ControlRegisters.GBPA_ABORT.put(unit.read(ControlRegisters.GBPA), true);
        unit.write(ControlRegisters.GBPA, ControlRegisters.GBPA_UPDATE.put(gbpa, true));
        unit.await(() -> !isGbpaUpdating(), "GBPA.Update to be 0");
    }

    private boolean isGbpaUpdating() {
        return ControlRegisters.GBPA_UPDATE.isSet(unit.read(ControlRegisters.GBPA));
    }

    /** Switches everything off. Transactions that are stalled are aborted with it. */
    void disable() {
        irqCtrl = 0;
        unit.writeAcknowledged(InterruptRegisters.IRQ_CTRL, InterruptRegisters.IRQ_CTRLACK, irqCtrl);
        cr0 = 0;
        unit.writeAcknowledged(ControlRegisters.CR0, ControlRegisters.CR0ACK, cr0);
    }

    /** Switches one thing on. */
    void enable(BitField ofCr0) {
        cr0 = ofCr0.put(cr0, true);
        unit.writeAcknowledged(ControlRegisters.CR0, ControlRegisters.CR0ACK, cr0);
    }

    /** Switches one thing off. */
    void disable(BitField ofCr0) {
        cr0 = ofCr0.put(cr0, false);
        unit.writeAcknowledged(ControlRegisters.CR0, ControlRegisters.CR0ACK, cr0);
    }

    /** How tables and queues are accessed: write-back, Inner Shareable, like the CPU does it. */
    void setAttributes() {
        long cr1 = ControlRegisters.CR1_QUEUE_IC.encode(Cacheability.CR1_WB);
        cr1 = ControlRegisters.CR1_QUEUE_OC.put(cr1, Cacheability.CR1_WB);
        cr1 = ControlRegisters.CR1_QUEUE_SH.put(cr1, Shareability.ISH);
        cr1 = ControlRegisters.CR1_TABLE_IC.put(cr1, Cacheability.CR1_WB);
        cr1 = ControlRegisters.CR1_TABLE_OC.put(cr1, Cacheability.CR1_WB);
        cr1 = ControlRegisters.CR1_TABLE_SH.put(cr1, Shareability.ISH);
        unit.write(ControlRegisters.CR1, cr1);
        // StreamIDs beyond the table are worth a record; broadcasts of the CPUs' invalidations are not relied on, as
        // ASIDs are ours.
        long cr2 = ControlRegisters.CR2_RECINVSID.encode(true);
        unit.write(ControlRegisters.CR2, ControlRegisters.CR2_PTM.put(cr2, true));
    }

    /** Programs the message that an interrupt sends. Its enable is 0. */
    void program(InterruptSource source, Interrupt interrupt) {
        unit.write(source.cfg0(), InterruptRegisters.IRQ_CFG0_ADDR.encodeAddress(interrupt.address()));
        unit.write(source.cfg1(), InterruptRegisters.IRQ_CFG1_DATA.encode(Integer.toUnsignedLong(interrupt.data())));
        unit.write(source.cfg2(), InterruptRegisters.IRQ_CFG2_MEM_ATTR.encode(DEVICE_NGNRE));
    }

    /** Switches one interrupt on. */
    void enable(InterruptSource source) {
        irqCtrl = source.enable().put(irqCtrl, true);
        unit.writeAcknowledged(InterruptRegisters.IRQ_CTRL, InterruptRegisters.IRQ_CTRLACK, irqCtrl);
    }
}
