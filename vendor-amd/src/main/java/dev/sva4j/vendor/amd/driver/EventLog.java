package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.layout.EventCode.COMMAND_HARDWARE_ERROR;
import static dev.sva4j.vendor.amd.layout.EventCode.ILLEGAL_COMMAND_ERROR;
import static dev.sva4j.vendor.amd.layout.EventCode.IOTLB_INV_TIMEOUT;

import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.EventCode;
import dev.sva4j.vendor.amd.layout.EventLogEntry;
import dev.sva4j.vendor.amd.layout.EventLogRegisters;
import dev.sva4j.vendor.amd.layout.StatusRegister;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The event log (AMD-Vi 2.5): faults of devices, and what hardware has to say of commands. Faults of PASIDs that are quiesced are
 * among them, as nothing silences one PASID; core drops those.
 */
final class EventLog extends LogReader {
    private static final Registers REGISTERS = new Registers(
            EventLogRegisters.EVTLOG_BASE,
            EventLogRegisters.EVTLOG_HEAD,
            EventLogRegisters.EVTLOG_TAIL,
            ControlRegister.EVENT_LOG_EN,
            ControlRegister.EVENT_INT_EN,
            StatusRegister.EVENT_LOG_RUN,
            StatusRegister.EVENT_OVERFLOW);

    private final String unit;
    private final FaultSink faults;
    private final IntConsumer invalidationTimedOut;

    /**
     * Allocates the log.
     *
     * @param invalidationTimedOut is told the requesters whose device TLB hardware has given up waiting for
     */
    EventLog(Unit unit, TableMemory memory, Control control, FaultSink faults, IntConsumer invalidationTimedOut) {
        super(unit, memory, control, "event log", REGISTERS);
        this.unit = unit.name();
        this.faults = faults;
        this.invalidationTimedOut = invalidationTimedOut;
    }

    @Override
    boolean isEntry(long word0) {
        return EventLogEntry.EVENT_CODE.get(word0) != 0;
    }

    @Override
    void deliver(long word0, long word1) {
        @Nullable EventCode code = EventCode.of(word0);
        if (code == IOTLB_INV_TIMEOUT) {
            invalidationTimedOut.accept((int) EventLogEntry.DEVICE_ID.get(word0));
        } else if (code != ILLEGAL_COMMAND_ERROR && code != COMMAND_HARDWARE_ERROR) {
            // What is wrong with a command is told to whoever waits for it, see CommandRing.
            faults.unrecoverable(EventDecoder.fault(unit, word0, word1));
        }
    }

    @Override
    void lost() {
        faults.eventsLost();
    }
}
