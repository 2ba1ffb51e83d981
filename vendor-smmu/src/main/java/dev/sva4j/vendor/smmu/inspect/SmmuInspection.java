package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.RegisterValues;
import java.util.Set;

/** Opens memory images that hold SMMUv3 tables. */
public final class SmmuInspection implements IommuInspection {
    /** For the plug-in. */
    public SmmuInspection() {}

    @Override
    public Set<String> imageNames() {
        return Set.of("smmuv3");
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
        return new SmmuInspector(memory, values);
    }
}
