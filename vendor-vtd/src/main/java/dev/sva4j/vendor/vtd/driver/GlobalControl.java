package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.vtd.layout.EventRegisters;
import dev.sva4j.vendor.vtd.layout.GlobalCommand;
import dev.sva4j.vendor.vtd.layout.RootTableAddress;
import java.util.List;

/**
 * The switches of the unit (VT-d 11.4). Used by one task at a time: the one that starts the driver, then the one that closes
 * it.
 */
final class GlobalControl {
    /** An interrupt's control register and the three of its message. */
    record MessageRegisters(
            RegisterLayout control, RegisterLayout data, RegisterLayout address, RegisterLayout upper) {}

    static final MessageRegisters FAULT_EVENT = new MessageRegisters(
            EventRegisters.FECTL, EventRegisters.FEDATA, EventRegisters.FEADDR, EventRegisters.FEUADDR);

    static final MessageRegisters PAGE_REQUEST_EVENT = new MessageRegisters(
            EventRegisters.PECTL, EventRegisters.PEDATA, EventRegisters.PEADDR, EventRegisters.PEUADDR);

    private final Unit unit;

    GlobalControl(Unit unit) {
        this.unit = unit;
    }

    /**
     * Switches translation. Off means that requests pass untranslated: there is no state in which they abort, but for
     * abort-DMA mode, which few implement. Core has the devices' bus mastering off by then.
     */
    void enableTranslation(boolean on) {
        change(GlobalCommand.TE, GlobalCommand.TES, on);
    }

    boolean isTranslating() {
        return GlobalCommand.TES.isSet(unit.read(GlobalCommand.GSTS));
    }

    /** Switches queued invalidation; off only while the queue is empty (VT-d 6.5.2). */
    void enableQueuedInvalidation(boolean on) {
        change(GlobalCommand.QIE, GlobalCommand.QIES, on);
    }

    boolean isInvalidationQueued() {
        return GlobalCommand.QIES.isSet(unit.read(GlobalCommand.GSTS));
    }

    /** Makes hardware take a root table of scalable mode. */
    void setRootTable(long rootTable) {
        unit.write(RootTableAddress.RTADDR, RootTableAddress.encode(rootTable, RootTableAddress.TTM_SCALABLE));
        change(GlobalCommand.SRTP, GlobalCommand.RTPS, true);
    }

    /** No interrupt of ours. */
    void maskInterrupts() {
        for (RegisterLayout control : List.of(EventRegisters.FECTL, EventRegisters.IECTL, EventRegisters.PECTL)) {
            unit.write(control, EventRegisters.IM.encode(true));
        }
    }

    /** Programs the message that an event sends, and lets it send. */
    void enable(MessageRegisters event, Interrupt interrupt) {
        unit.write(event.data(), EventRegisters.IMD.encode(Integer.toUnsignedLong(interrupt.data())));
        unit.write(event.address(), EventRegisters.MA.getAddress(interrupt.address()));
        unit.write(event.upper(), EventRegisters.upperMessageAddress(interrupt.address()));
        unit.write(event.control(), EventRegisters.IM.encode(false));
    }

    /** One change a write, and what is on stays on (VT-d 11.4.4). */
    private void change(BitField command, BitField status, boolean on) {
        long kept = GlobalCommand.kept(unit.read(GlobalCommand.GSTS));
        unit.write(GlobalCommand.GCMD, command.put(kept, on));
        unit.await(
                () -> status.isSet(unit.read(GlobalCommand.GSTS)) == on,
                "GSTS." + status.name() + " to be " + (on ? 1 : 0));
    }
}
