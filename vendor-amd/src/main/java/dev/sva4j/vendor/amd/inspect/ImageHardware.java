package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.HardwareReading;
import dev.sva4j.spi.inspect.ImageHost;
import dev.sva4j.vendor.amd.hardware.AmdHardware;
import dev.sva4j.vendor.amd.hardware.FeatureRegisters;
import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.DeviceTableBase;
import dev.sva4j.vendor.amd.layout.EventCode;
import dev.sva4j.vendor.amd.layout.EventLogEntry;

/** The IOMMU of an image: our hardware half with the registers that the machine had, but no rings. */
final class ImageHardware {
    private ImageHardware() {}

    static HardwareReading of(PhysicalMemory memory, ImageRegisters registers) {
        return new HardwareReading(() -> start(memory, registers), ImageHardware::nameOf);
    }

    private static DirectTranslation start(PhysicalMemory memory, ImageRegisters registers) {
        IommuHardware hardware = new AmdHardware(new ImageHost(memory), new FeatureRegisters(registers.efr(), 0));
        Mmio port = hardware.registers();
        for (int segment = 0; segment < registers.deviceTables().size(); segment++) {
            long offset = segment == 0
                    ? DeviceTableBase.DEVTAB_BASE.offset()
                    : DeviceTableBase.SEGMENTS.get(segment - 1).offset();
            port.write64(offset, registers.deviceTables().get(segment));
        }
        long control = ControlRegister.CMD_BUF_EN.clear(registers.control());
        control = ControlRegister.EVENT_LOG_EN.clear(ControlRegister.PPR_LOG_EN.clear(control));
        port.write64(ControlRegister.CONTROL.offset(), control);
        return hardware.directTranslation().orElseThrow();
    }

    /** The event and its flags, in the order of the bits: {@code IO_PAGE_FAULT PR RW PE}. */
    private static String nameOf(int code) {
        long word = code == AmdHardware.NO_EVENT ? 0 : EventLogEntry.CODE_AND_FLAGS.encode(code);
        EventCode event = EventCode.of(word);
        if (event == null) {
            throw new IllegalStateException(
                    String.format("the hardware half answers with event 0x%x, which does not exist", code));
        }
        return switch (event) {
            case DEV_TAB_HARDWARE_ERROR, PAGE_TAB_HARDWARE_ERROR -> HardwareReading.NOT_IN_DUMP;
            case IO_PAGE_FAULT -> event.name() + EventLogEntry.flagNames(word);
            default -> event.name();
        };
    }
}
