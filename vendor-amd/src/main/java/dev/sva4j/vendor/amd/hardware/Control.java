package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.layout.ControlRegister.CMD_BUF_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.COHERENT;
import static dev.sva4j.vendor.amd.layout.ControlRegister.CONTROL;
import static dev.sva4j.vendor.amd.layout.ControlRegister.EVENT_LOG_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.IOMMU_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.PPR_EN;
import static dev.sva4j.vendor.amd.layout.ControlRegister.PPR_LOG_EN;

import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.amd.layout.DeviceTableBase;
import java.util.ArrayList;
import java.util.List;

/** The Control register and the Device Table Base registers (AMD-Vi 3.3). What they say counts for what comes later. */
final class Control {
    private final Log eventLog;
    private final Log pageRequestLog;
    private final Interrupts interrupts;

    /** What translations read; replaced under the lock of this. */
    private volatile Settings settings;

    Control(Features features, Log eventLog, Log pageRequestLog, Interrupts interrupts) {
        this.eventLog = eventLog;
        this.pageRequestLog = pageRequestLog;
        this.interrupts = interrupts;
        List<Long> tables = new ArrayList<>();
        for (int segment = 0; segment < 1 << features.largestSegmentsEn; segment++) {
            tables.add(0L);
        }
        this.settings = new Settings(COHERENT.mask(), List.copyOf(tables));
    }

    /** Defines the registers; {@code onWrite} runs after each write of Control. */
    void defineRegisters(RegisterFile registers, Runnable onWrite) {
        registers.define(CONTROL, () -> settings.control(), value -> {
            write(value);
            onWrite.run();
        });
        int segments = settings.deviceTables().size();
        for (int segment = 0; segment < segments; segment++) {
            int index = segment;
            RegisterLayout layout = index == 0 ? DeviceTableBase.DEVTAB_BASE : DeviceTableBase.SEGMENTS.get(index - 1);
            registers.define(
                    layout, () -> settings.deviceTables().get(index), value -> moveTable(layout, index, value));
        }
    }

    private synchronized void moveTable(RegisterLayout layout, int index, long value) {
        List<Long> tables = new ArrayList<>(settings.deviceTables());
        tables.set(index, layout.afterWrite(tables.get(index), value));
        settings = new Settings(settings.control(), List.copyOf(tables));
    }

    private void write(long value) {
        long control;
        synchronized (this) {
            control = CONTROL.afterWrite(settings.control(), value);
            settings = new Settings(control, settings.deviceTables());
            boolean on = IOMMU_EN.isSet(control);
            eventLog.enable(on && EVENT_LOG_EN.isSet(control));
            pageRequestLog.enable(on && PPR_EN.isSet(control) && PPR_LOG_EN.isSet(control));
        }
        interrupts.enable(control);
    }

    Settings settings() {
        return settings;
    }

    /** Whether commands are to be executed. */
    boolean isCommandBufferEnabled() {
        long control = settings.control();
        return IOMMU_EN.isSet(control) && CMD_BUF_EN.isSet(control);
    }
}
