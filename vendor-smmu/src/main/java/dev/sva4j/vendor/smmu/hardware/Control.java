package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0ACK;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_ATSCHK;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_CMDQEN;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_DPT_WALK_EN;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_EVENTQEN;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_PRIQEN;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_SMMUEN;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_VMW;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR1;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR1_QUEUE_IC;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR1_QUEUE_OC;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR1_QUEUE_SH;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR1_TABLE_IC;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR1_TABLE_OC;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR1_TABLE_SH;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR2;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR2_E2H;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR2_RECINVSID;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR2_REC_CFG_ATS;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.GBPA;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.GBPA_ABORT;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.GBPA_SHCFG;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.GBPA_UPDATE;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.SHCFG_USE_INCOMING;
import static dev.sva4j.vendor.smmu.layout.StreamTableRegisters.STRTAB_BASE;
import static dev.sva4j.vendor.smmu.layout.StreamTableRegisters.STRTAB_BASE_CFG;
import static dev.sva4j.vendor.smmu.layout.StreamTableRegisters.STRTAB_BASE_CFG_FMT;

import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * CR0 to CR2, GBPA and the base of the stream table, with the rules of when they may be written (§6.3); writes at other
 * times are ignored.
 *
 * <p>A new value of CR0 takes effect for transactions that arrive later. CR0ACK shows a change of SMMUEN when those
 * that arrived earlier have ended, and CMDQEN = 0 when nobody consumes commands any more; other fields at once.
 */
final class Control {
    private static final List<BitField> TABLE_ATTRIBUTES = List.of(CR1_TABLE_IC, CR1_TABLE_OC, CR1_TABLE_SH);
    private static final List<BitField> QUEUE_ATTRIBUTES = List.of(CR1_QUEUE_IC, CR1_QUEUE_OC, CR1_QUEUE_SH);

    private final Features features;
    private final InFlightSections sections;

    // Registers: written under the lock of this, read by anyone. At reset GBPA lets everything through.
    private volatile long cr0;
    private volatile boolean acknowledgedEnable;
    private volatile long cr1;
    private volatile long cr2;
    private volatile long gbpa = GBPA_SHCFG.encode(SHCFG_USE_INCOMING);
    private volatile long strtabBase;
    private volatile long strtabBaseCfg;

    /** What translations read. Replaced, under the lock of this, whenever a register changes that it is made of. */
    private volatile Settings settings = new Settings(false, false, false, false, 0, 0);

    Control(Features features, InFlightSections sections) {
        this.features = features;
        this.sections = sections;
    }

    /**
     * Defines the registers.
     *
     * @param onSwitch runs after each write of CR0
     * @param consumesCommands whether a command is being consumed
     */
    void defineRegisters(RegisterFile registers, Runnable onSwitch, BooleanSupplier consumesCommands) {
        registers.define(CR0, () -> cr0, value -> {
            writeCr0(value);
            onSwitch.run();
        });
        registers.define(CR0ACK, () -> acknowledged(consumesCommands));
        registers.define(CR1, () -> cr1, this::writeCr1);
        registers.define(CR2, () -> cr2, this::writeCr2);
        registers.define(GBPA, () -> gbpa, this::writeGbpa);
        registers.define(STRTAB_BASE, () -> strtabBase, value -> writeStreamTable(STRTAB_BASE, value));
        registers.define(STRTAB_BASE_CFG, () -> strtabBaseCfg, value -> writeStreamTable(STRTAB_BASE_CFG, value));
    }

    Settings settings() {
        return settings;
    }

    boolean isCommandQueueEnabled() {
        return CR0_CMDQEN.isSet(cr0);
    }

    boolean isEventQueueEnabled() {
        return CR0_EVENTQEN.isSet(cr0);
    }

    /** CR0.PRIQEN, whether or not it is effective. */
    boolean isPriQueueEnabled() {
        return CR0_PRIQEN.isSet(cr0);
    }

    private void writeCr0(long value) {
        boolean enable;
        synchronized (this) {
            // VMID wildcards and the device permission table are not implemented: RES0.
            long written = CR0_DPT_WALK_EN.clear(CR0_VMW.clear(CR0.afterWrite(cr0, value)));
            written = features.pri ? written : CR0_PRIQEN.clear(written);
            cr0 = features.ats ? written : CR0_ATSCHK.clear(written);
            enable = CR0_SMMUEN.isSet(cr0);
            refresh();
        }
        if (enable != acknowledgedEnable) {
            sections.whenDrained(() -> acknowledge(enable));
        }
    }

    private long acknowledged(BooleanSupplier consumesCommands) {
        long value = CR0_SMMUEN.put(cr0, acknowledgedEnable);
        return consumesCommands.getAsBoolean() ? CR0_CMDQEN.put(value, true) : value;
    }

    private synchronized void acknowledge(boolean enable) {
        // Software may have changed its mind before the change was acknowledged.
        if (enable == CR0_SMMUEN.isSet(cr0)) {
            acknowledgedEnable = enable;
        }
    }

    private synchronized void writeCr1(long value) {
        long written = CR1.afterWrite(cr1, value);
        if (settings.enabled()) {
            written = keep(TABLE_ATTRIBUTES, cr1, written);
        }
        if (isCommandQueueEnabled() || isEventQueueEnabled() || isPriQueueEnabled()) {
            written = keep(QUEUE_ATTRIBUTES, cr1, written);
        }
        cr1 = written;
    }

    private static long keep(List<BitField> fields, long old, long written) {
        long result = written;
        for (BitField field : fields) {
            result = field.put(result, field.get(old));
        }
        return result;
    }

    private synchronized void writeCr2(long value) {
        if (!settings.enabled()) {
            // Neither EL2 nor records of ATS configuration errors are implemented: RES0.
            cr2 = CR2_REC_CFG_ATS.clear(CR2_E2H.clear(CR2.afterWrite(cr2, value)));
            refresh();
        }
    }

    private synchronized void writeGbpa(long value) {
        if (GBPA_UPDATE.isSet(value)) {
            gbpa = GBPA_UPDATE.clear(GBPA.afterWrite(gbpa, value));
            refresh();
        }
    }

    private synchronized void writeStreamTable(RegisterLayout register, long value) {
        if (settings.enabled()) {
            return;
        }
        if (register == STRTAB_BASE) {
            strtabBase = STRTAB_BASE.afterWrite(strtabBase, value);
        } else {
            long written = STRTAB_BASE_CFG.afterWrite(strtabBaseCfg, value);
            strtabBaseCfg = features.twoLevelStreams ? written : STRTAB_BASE_CFG_FMT.clear(written);
        }
        refresh();
    }

    private void refresh() {
        settings = new Settings(
                CR0_SMMUEN.isSet(cr0),
                CR0_ATSCHK.isSet(cr0),
                CR2_RECINVSID.isSet(cr2),
                GBPA_ABORT.isSet(gbpa),
                strtabBase,
                strtabBaseCfg);
    }
}
