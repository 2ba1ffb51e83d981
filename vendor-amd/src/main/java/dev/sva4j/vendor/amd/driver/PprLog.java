package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.PprLogEntry;
import dev.sva4j.vendor.amd.layout.PprLogRegisters;
import dev.sva4j.vendor.amd.layout.StatusRegister;

/**
 * The log of page requests (AMD-Vi 2.6). What Linux refuses by itself (without PASID, malformed) is delivered like all else: core
 * answers. Requests of dead PASIDs are among them, since hardware does not look at the GCR3 table first.
 */
final class PprLog extends LogReader {
    private static final Registers REGISTERS = new Registers(
            PprLogRegisters.PPRLOG_BASE,
            PprLogRegisters.PPRLOG_HEAD,
            PprLogRegisters.PPRLOG_TAIL,
            ControlRegister.PPR_LOG_EN,
            ControlRegister.PPR_INT_EN,
            StatusRegister.PPR_LOG_RUN,
            StatusRegister.PPR_OVERFLOW);

    private final FaultSink faults;

    /** Allocates the log. */
    PprLog(Unit unit, TableMemory memory, Control control, FaultSink faults) {
        super(unit, memory, control, "PPR log", REGISTERS);
        this.faults = faults;
    }

    @Override
    boolean isEntry(long word0) {
        return PprLogEntry.PPR_CODE.get(word0) != 0;
    }

    @Override
    void deliver(long word0, long word1) {
        faults.pageRequest(request(word0, word1));
    }

    @Override
    void lost() {
        faults.pageRequestsLost();
    }

    /** An entry in the words of core. */
    static PageRequest request(long word0, long word1) {
        return new PageRequest(
                (int) PprLogEntry.DEVICE_ID.get(word0),
                PprLogEntry.GN.isSet(word0) ? (int) PprLogEntry.PASID.from(0, word0) : Pasid.NONE,
                PprLogEntry.ADDRESS.getAddress(word1),
                PprLogEntry.RD.isSet(word0),
                PprLogEntry.WR.isSet(word0),
                PprLogEntry.EX.isSet(word0),
                !PprLogEntry.US.isSet(word0),
                (int) PprLogEntry.PRG_INDEX.get(word0),
                PprLogEntry.LAST.isSet(word0),
                PageRequest.Kind.PRI);
    }
}
