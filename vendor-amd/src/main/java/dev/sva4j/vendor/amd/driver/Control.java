package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.layout.ControlRegister.CMD_BUF_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.COHERENT;
import static dev.sva4j.vendor.amd.layout.ControlRegister.CONTROL;
import static dev.sva4j.vendor.amd.layout.ControlRegister.EPH_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.EVENT_INT_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.EVENT_LOG_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.GT_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.INV_TIME_OUT;
import static dev.sva4j.vendor.amd.layout.ControlRegister.IOMMU_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.PPR_AUTO_RSP_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.PPR_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.PPR_INT_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.PPR_LOG_EN;
import static dev.sva4j.vendor.amd.layout.StatusRegister.STATUS;

import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.StatusRegister;
import java.util.List;

/** The Control register (AMD-Vi 3.3). */
final class Control {
    private static final List<BitField> RUNNING =
            List.of(StatusRegister.CMD_BUF_RUN, StatusRegister.EVENT_LOG_RUN, StatusRegister.PPR_LOG_RUN);

    private final Unit unit;
    private final Features features;

    /** How long hardware waits for a device TLB: no longer than whoever issued the invalidation. */
    private final int invTimeOut;

    /** What the register holds. Changed and written together under the monitor of this object, never kept at a wait. */
    private long value;

    Control(Unit unit, Features features) {
        this.unit = unit;
        this.features = features;
        this.invTimeOut = ControlRegister.longestInvTimeOut(unit.timeoutNanos());
    }

    /** How long hardware waits for a device TLB. */
    long invTimeOutNanos() {
        return ControlRegister.invTimeOutNanos(INV_TIME_OUT.encode(invTimeOut));
    }

    /**
     * Switches everything off, and waits until nothing runs. Requests pass untouched then: core has the devices' bus mastering
     * off.
     *
     * @throws dev.sva4j.api.SvaException TIMED_OUT
     */
    void reset() {
        synchronized (this) {
            write(COHERENT.encode(true));
        }
        unit.await(
                () -> {
                    long status = unit.read(STATUS);
                    return RUNNING.stream().noneMatch(field -> field.isSet(status));
                },
                "command buffer and logs to stop");
    }

    /** Switches on translation, commands and the event log, features first ({@code early_enable_iommu}). */
    void enable() {
        synchronized (this) {
            long next = INV_TIME_OUT.put(COHERENT.encode(true), invTimeOut);
            next = GT_EN.put(next, features.translatesGuests());
            next = EPH_EN.put(next, features.hasEnhancedPageRequests());
            write(next);
            write(CMD_BUF_EN.put(EVENT_LOG_EN.put(value, true), true));
            write(IOMMU_EN.put(value, true));
        }
        awaitRunning(StatusRegister.CMD_BUF_RUN);
        awaitRunning(StatusRegister.EVENT_LOG_RUN);
    }

    /** Lets events interrupt. */
    synchronized void enableEventInterrupt() {
        write(EVENT_INT_EN.put(value, true));
    }

    /** Switches page requests on ({@code amd_iommu_enable_ppr_log}); the log has been programmed. */
    void enablePageRequests() {
        synchronized (this) {
            if (features.hasAutoResponses()) {
                write(PPR_AUTO_RSP_EN.put(value, true));
            }
            write(PPR_EN.put(value, true));
            write(PPR_INT_EN.put(value, true));
            write(PPR_LOG_EN.put(value, true));
        }
        awaitRunning(StatusRegister.PPR_LOG_RUN);
    }

    private void awaitRunning(BitField field) {
        unit.await(() -> field.isSet(unit.read(STATUS)), "STATUS." + field.name());
    }

    /** Switches command execution off and on; {@code between} may write what may only be written in between. */
    synchronized void restartCommands(Runnable between) {
        write(CMD_BUF_EN.put(value, false));
        between.run();
        write(CMD_BUF_EN.put(value, true));
    }

    /**
     * Gets a log going again that has overflowed ({@code amd_iommu_restart_log}). The manual asks for the write of 1 only; real
     * parts want a 0 first.
     */
    synchronized void restart(BitField logEn, BitField intEn, BitField run, BitField overflow) {
        if (run.isSet(unit.read(STATUS))) {
            // Some models keep it running, and log again when the flag is gone.
            unit.write(STATUS, overflow.encode(true));
            return;
        }
        write(intEn.put(logEn.put(value, false), false));
        unit.write(STATUS, overflow.encode(true));
        write(intEn.put(value, true));
        write(logEn.put(value, true));
    }

    /** The monitor is held. */
    private void write(long next) {
        value = next;
        unit.write(CONTROL, next);
    }
}
