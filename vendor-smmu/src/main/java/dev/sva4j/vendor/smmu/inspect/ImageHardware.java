package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.HardwareReading;
import dev.sva4j.spi.inspect.ImageHost;
import dev.sva4j.vendor.smmu.hardware.SmmuHardware;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;

/** The SMMU of an image: our hardware half with the registers that the machine had. */
final class ImageHardware {
    /** Config 0xx of the stream table entry: the abort that has no event and so no name in the manual. */
    private static final String BLOCKED = "STE.Config abort";

    private ImageHardware() {}

    static HardwareReading of(PhysicalMemory memory, ImageRegisters registers) {
        return new HardwareReading(() -> start(memory, registers), ImageHardware::nameOf);
    }

    private static DirectTranslation start(PhysicalMemory memory, ImageRegisters registers) {
        IommuHardware hardware = new SmmuHardware(new ImageHost(memory), registers.ids());
        Mmio port = hardware.registers();
        port.write64(StreamTableRegisters.STRTAB_BASE.offset(), registers.strtabBase());
        port.write32(StreamTableRegisters.STRTAB_BASE_CFG.offset(), (int) registers.strtabBaseCfg());
        port.write32(ControlRegisters.CR0.offset(), (int) ControlRegisters.CR0_SMMUEN.encode(true));
        return hardware.directTranslation().orElseThrow();
    }

    private static String nameOf(int number) {
        if (number == SmmuHardware.NO_EVENT) {
            return BLOCKED;
        }
        EventId event = EventId.of(EventRecord.EVENT_NUMBER.encode(number));
        if (event == null) {
            throw new IllegalStateException(
                    "the hardware half answers with event " + number + ", which does not exist");
        }
        return switch (event) {
            case F_STE_FETCH, F_CD_FETCH, F_WALK_EABT -> HardwareReading.NOT_IN_DUMP;
            default -> event.name();
        };
    }
}
