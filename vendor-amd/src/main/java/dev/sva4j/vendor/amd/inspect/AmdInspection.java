package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.RegisterValues;
import java.util.Set;

/** Opens memory images that hold AMD-Vi tables. */
public final class AmdInspection implements IommuInspection {
    /** For the plug-in. */
    public AmdInspection() {}

    @Override
    public Set<String> imageNames() {
        return Set.of("amd");
    }

    @Override
    public Set<String> requiredRegisters() {
        return ImageRegisters.REQUIRED;
    }

    @Override
    public RegisterValues read(Mmio registers) {
        return ImageRegisters.read(registers);
    }

    @Override
    public IommuInspector open(PhysicalMemory memory, RegisterValues registers) {
        ImageRegisters values = ImageRegisters.of(registers);
        values.requireFit(memory);
        return new AmdInspector(memory, values);
    }
}
