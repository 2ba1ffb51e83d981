package dev.sva4j.examples.acme.inspect;

import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.RegisterValues;
import java.util.List;
import java.util.Set;

/** Opens memory that holds tables of this architecture. */
public final class AcmeInspection implements IommuInspection {
    private static final Set<String> REQUIRED = Set.of(Registers.DEVICE_TABLE.name());

    /** For the plug-in. */
    public AcmeInspection() {}

    @Override
    public Set<String> imageNames() {
        return Set.of("acme");
    }

    @Override
    public Set<String> requiredRegisters() {
        return REQUIRED;
    }

    @Override
    public RegisterValues read(Mmio registers) {
        return RegisterValues.read(registers, List.of(Registers.DEVICE_TABLE));
    }

    @Override
    public IommuInspector open(PhysicalMemory memory, RegisterValues registers) {
        registers.require("Acme tables", REQUIRED);
        return new AcmeInspector(memory, registers.valueOf(Registers.DEVICE_TABLE, 0));
    }
}
