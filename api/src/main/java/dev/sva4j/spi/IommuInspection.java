package dev.sva4j.spi;

import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Entry to a vendor's decoders: reads tables that someone else wrote, such as a dump of a real machine.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface IommuInspection {
    /** Names under which memory images call this architecture, e.g. {@code smmuv3}. */
    Set<String> imageNames();

    /** Names of the registers that {@link #open} needs, the manual's own. */
    Set<String> requiredRegisters();

    /**
     * Reads what {@link #open} can use from a running IOMMU, so that tools can look at its tables without knowing its
     * registers. Has no side effects.
     *
     * @return at least {@link #requiredRegisters()}; empty if this decoder is for images only
     */
    default RegisterValues read(Mmio registers) {
        return new RegisterValues(Map.of());
    }

    /**
     * Looks at tables in {@code memory}.
     *
     * @param registers values by name
     * @throws dev.sva4j.api.SvaException INVALID if registers are missing or do not fit the memory: the message says
     *     which
     */
    IommuInspector open(PhysicalMemory memory, RegisterValues registers);
}
