package dev.sva4j.conformance;

import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.smmu.layout.Registers;
import java.util.HashMap;
import java.util.Map;

/** The registers of a running SMMU by name. */
final class SmmuRegisters {
    private SmmuRegisters() {}

    static RegisterValues read(Mmio registers) {
        Map<String, Long> values = new HashMap<>();
        for (RegisterLayout register : Registers.ALL) {
            long value = register.width() == Long.SIZE
                    ? registers.read64(register.offset())
                    : Integer.toUnsignedLong(registers.read32(register.offset()));
            values.put(register.name(), value);
        }
        return new RegisterValues(values);
    }
}
