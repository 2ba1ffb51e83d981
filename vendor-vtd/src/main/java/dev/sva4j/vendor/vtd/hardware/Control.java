package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.GlobalCommand.GCMD;
import static dev.sva4j.vendor.vtd.layout.GlobalCommand.GSTS;
import static dev.sva4j.vendor.vtd.layout.GlobalCommand.QIE;
import static dev.sva4j.vendor.vtd.layout.GlobalCommand.QIES;
import static dev.sva4j.vendor.vtd.layout.GlobalCommand.RTPS;
import static dev.sva4j.vendor.vtd.layout.GlobalCommand.SRTP;
import static dev.sva4j.vendor.vtd.layout.GlobalCommand.TE;
import static dev.sva4j.vendor.vtd.layout.GlobalCommand.TES;
import static dev.sva4j.vendor.vtd.layout.RootTableAddress.RTA;
import static dev.sva4j.vendor.vtd.layout.RootTableAddress.RTADDR;
import static dev.sva4j.vendor.vtd.layout.RootTableAddress.TTM;
import static dev.sva4j.vendor.vtd.layout.RootTableAddress.TTM_ABORT_DMA;
import static dev.sva4j.vendor.vtd.layout.RootTableAddress.TTM_LEGACY;
import static dev.sva4j.vendor.vtd.layout.RootTableAddress.TTM_SCALABLE;

import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.vendor.vtd.layout.RootTableAddress;
import java.util.function.BooleanSupplier;

/**
 * GCMD, GSTS and RTADDR (11.4.4, 11.4.5).
 *
 * <p>A command takes effect for requests that arrive later. GSTS shows a change of TE, and a root table pointer as
 * taken, when those that arrived earlier have ended, and QIE = 0 when nobody fetches descriptors any more. There is no
 * write buffer and no interrupt remapping: WBF, IRE, SIRTP and CFI do nothing.
 */
final class Control {
    private final Features features;
    private final InFlightSections sections;
    private final Caches caches;
    private final FaultRecords faults;

    // Registers and their acknowledgement: written under the lock of this, read by anyone.
    private volatile long rtaddr;
    private volatile boolean queueEnabled;
    private volatile boolean acknowledgedEnable;
    private volatile boolean rootTaken;

    /** Number of SRTP commands, to tell which of them a drain was for. Guarded by the lock of this. */
    private int rootCommands;

    /** What translations read; replaced under the lock of this. */
    private volatile Settings settings = Settings.RESET;

    Control(Features features, InFlightSections sections, Caches caches, FaultRecords faults) {
        this.features = features;
        this.sections = sections;
        this.caches = caches;
        this.faults = faults;
    }

    /**
     * Defines the registers.
     *
     * @param onCommand runs after each write of GCMD
     * @param fetchesDescriptors whether a descriptor is being carried out
     */
    void defineRegisters(RegisterFile registers, Runnable onCommand, BooleanSupplier fetchesDescriptors) {
        registers.define(GCMD, () -> 0, value -> {
            command(value);
            onCommand.run();
        });
        registers.define(GSTS, () -> status(fetchesDescriptors));
        registers.define(RTADDR, () -> rtaddr, value -> {
            synchronized (this) {
                rtaddr = RTADDR.afterWrite(rtaddr, value);
            }
        });
    }

    Settings settings() {
        return settings;
    }

    boolean isQueueEnabled() {
        return queueEnabled;
    }

    private void command(long value) {
        boolean enable = TE.isSet(value);
        boolean takeRoot = SRTP.isSet(value);
        boolean wasEnabled;
        int rootCommand;
        synchronized (this) {
            queueEnabled = features.queuedInvalidation && QIE.isSet(value);
            wasEnabled = settings.enabled();
            if (takeRoot) {
                rootTaken = false;
                rootCommands++;
                settings = new Settings(enable, mode(rtaddr), RTA.getAddress(rtaddr));
            } else if (enable != wasEnabled) {
                settings = new Settings(enable, settings.mode(), settings.rootTable());
            }
            rootCommand = rootCommands;
        }
        if ((takeRoot && features.rootPointerInvalidates) || (wasEnabled && !enable && features.scalable)) {
            caches.invalidateEverything();
        }
        if (takeRoot) {
            sections.whenDrained(() -> acknowledgeRoot(rootCommand));
        }
        if (enable != acknowledgedEnable) {
            sections.whenDrained(() -> acknowledge(enable));
        }
    }

    /** 11 without ECAP.ADMS, and 01 without ECAP.SMTS, are as good as the reserved 10 (RTA.1). */
    private Settings.Mode mode(long register) {
        // Second-stage I/O permissions are not implemented.
        if (RootTableAddress.SSIRWE.isSet(register)) {
            return Settings.Mode.INVALID;
        }
        return switch ((int) TTM.get(register)) {
            case TTM_LEGACY -> Settings.Mode.LEGACY;
            case TTM_SCALABLE -> features.scalable ? Settings.Mode.SCALABLE : Settings.Mode.INVALID;
            case TTM_ABORT_DMA -> features.abortMode ? Settings.Mode.ABORT_DMA : Settings.Mode.INVALID;
            default -> Settings.Mode.INVALID;
        };
    }

    private long status(BooleanSupplier fetchesDescriptors) {
        return TES.encode(acknowledgedEnable)
                | RTPS.encode(rootTaken)
                | QIES.encode(queueEnabled || fetchesDescriptors.getAsBoolean());
    }

    private synchronized void acknowledgeRoot(int command) {
        rootTaken |= command == rootCommands;
    }

    private void acknowledge(boolean enable) {
        synchronized (this) {
            // Software may have changed its mind before the change was acknowledged.
            if (enable != settings.enabled()) {
                return;
            }
            acknowledgedEnable = enable;
        }
        if (!enable) {
            faults.restart();
        }
    }
}
