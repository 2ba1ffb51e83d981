package dev.sva4j.conformance;

import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The registers of a running IOMMU by name. */
final class NamedRegisters {
    private NamedRegisters() {}

    static RegisterValues read(Mmio registers, List<RegisterLayout> layouts) {
        Map<String, Long> values = new HashMap<>();
        for (RegisterLayout register : layouts) {
            long value = register.width() == Long.SIZE
                    ? registers.read64(register.offset())
                    : Integer.toUnsignedLong(registers.read32(register.offset()));
            values.put(register.name(), value);
        }
        return new RegisterValues(values);
    }
}
