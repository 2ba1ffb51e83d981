package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.HardwareReading;
import dev.sva4j.spi.inspect.ImageHost;
import dev.sva4j.vendor.vtd.hardware.CapabilityRegisters;
import dev.sva4j.vendor.vtd.hardware.VtdHardware;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.FaultRecord;
import dev.sva4j.vendor.vtd.layout.GlobalCommand;
import dev.sva4j.vendor.vtd.layout.RootTableAddress;

/** The remapping unit of an image: our hardware half with the registers that the machine had. */
final class ImageHardware {
    private ImageHardware() {}

    static HardwareReading of(PhysicalMemory memory, ImageRegisters registers) {
        return new HardwareReading(() -> start(memory, registers), ImageHardware::nameOf);
    }

    private static DirectTranslation start(PhysicalMemory memory, ImageRegisters registers) {
        CapabilityRegisters capabilities = new CapabilityRegisters(
                registers.ver(), registers.cap(), registers.ecap(), ImageRegisters.HOST_ADDRESS_BITS);
        IommuHardware hardware = new VtdHardware(new ImageHost(memory), capabilities);
        Mmio port = hardware.registers();
        port.write64(RootTableAddress.RTADDR.offset(), registers.rtaddr());
        int takeRoot = (int) GlobalCommand.SRTP.encode(true);
        port.write32(GlobalCommand.GCMD.offset(), takeRoot);
        port.write32(GlobalCommand.GCMD.offset(), (int) GlobalCommand.TE.encode(true));
        return hardware.directTranslation().orElseThrow();
    }

    private static String nameOf(int code) {
        FaultReason reason = FaultReason.of(FaultRecord.FR.encode(code));
        if (reason == null) {
            throw new IllegalStateException(
                    String.format("the hardware half answers with fault reason 0x%x, which does not exist", code));
        }
        return reason.isFetchError() ? HardwareReading.NOT_IN_DUMP : reason.label();
    }
}
