package dev.sva4j.spi;

import dev.sva4j.spi.pagetable.PageTableFormat;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The service that an IOMMU plug-in provides, found with {@link java.util.ServiceLoader}. Declare it in {@code
 * module-info} and in {@code META-INF/services}: a jar is used both ways.
 *
 * <p>Either half may be absent; halves of one architecture combine whoever wrote them. Implementations are stateless.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface IommuVendor {
    /** Selects the plug-in: lower-case letters, digits and dashes, e.g. {@code arm-smmu-v3}. */
    String id();

    /** What must be equal for two halves to combine, e.g. {@code smmu-v3}. */
    String architecture();

    /** One line for people. */
    String description();

    /** The format in which the CPUs that go with this IOMMU write their page tables. */
    PageTableFormat processFormat();

    /** The ways in which its driver half can quiesce a PASID, the default first. Empty without a driver half. */
    List<QuiesceStrategy> quiesceStrategies();

    /** Whether {@link #createDriver} works. */
    boolean hasDriver();

    /** Whether {@link #createHardware} works. */
    boolean hasHardware();

    /** What its hardware half can carry at best; empty without one. */
    List<TransactionKind> carries();

    /**
     * Whether its hardware half is in another process, and so needs memory that {@linkplain PhysicalMemory#file() is in
     * a file}. Core makes it so; memory of the caller's own that is in none is refused.
     */
    default boolean needsMemoryFile() {
        return false;
    }

    /**
     * Makes a driver half. Nothing happens to the hardware before {@link IommuDriver#start()}.
     *
     * @throws dev.sva4j.api.SvaException UNSUPPORTED without a driver half
     */
    IommuDriver createDriver(DriverHost host);

    /**
     * Makes a hardware half, in reset.
     *
     * @throws dev.sva4j.api.SvaException UNSUPPORTED without a hardware half
     */
    IommuHardware createHardware(HardwareHost host);

    /** Reads tables in memory, for tools. Empty if this plug-in has no decoder. */
    default Optional<IommuInspection> inspection() {
        return Optional.empty();
    }
}
