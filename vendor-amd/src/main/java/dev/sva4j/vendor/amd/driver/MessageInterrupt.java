package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.layout.InterruptRegisters.MSI_ADDRESS_HI;
import static dev.sva4j.vendor.amd.layout.InterruptRegisters.MSI_ADDRESS_LO;
import static dev.sva4j.vendor.amd.layout.InterruptRegisters.MSI_CAPABILITY;
import static dev.sva4j.vendor.amd.layout.InterruptRegisters.MSI_DATA;

import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.InterruptRegisters;

/**
 * The MSI capability of the IOMMU's PCI function, through the registers that show it (EFR.MsiCapMmioSup). There is one message for
 * everything: MsiMultMessEn is 0.
 */
final class MessageInterrupt {
    private MessageInterrupt() {}

    static void enable(Unit unit, Interrupt interrupt) {
        unit.write(MSI_ADDRESS_LO, InterruptRegisters.addressLo(interrupt.address()));
        unit.write(MSI_ADDRESS_HI, InterruptRegisters.addressHi(interrupt.address()));
        unit.write(MSI_DATA, InterruptRegisters.DATA.encode(Integer.toUnsignedLong(interrupt.data())));
        unit.write(MSI_CAPABILITY, InterruptRegisters.MSI_EN.encode(true));
    }

    static void disable(Unit unit) {
        unit.write(MSI_CAPABILITY, InterruptRegisters.MSI_EN.encode(false));
    }
}
