package dev.sva4j.api;

import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Parameters of {@link SvaSystem#initDevice}.
 *
 * @param features what the driver needs; each is checked, none is dropped in silence
 * @param pasids numbers that the driver can use; narrowed to what device and IOMMU can carry, without meaning if they
 *     carry none
 * @param mmExit told when a bound process has exited
 * @param exitPolicy who ends a bond then
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record DeviceOptions(
        Set<DeviceFeature> features, PasidRange pasids, MmExitHandler mmExit, ExitPolicy exitPolicy) {

    /** Page faults, any PASID, no callback, explicit unbind. */
    public static final DeviceOptions DEFAULT = new DeviceOptions(
            EnumSet.of(DeviceFeature.PAGE_FAULTS), PasidRange.ALL, MmExitHandler.NONE, ExitPolicy.EXPLICIT_UNBIND);

    /** Copies the features. */
    public DeviceOptions {
        features = Set.copyOf(features);
    }

    /** The same with exactly these features. */
    public DeviceOptions withFeatures(DeviceFeature... wanted) {
        return new DeviceOptions(Set.of(wanted), pasids, mmExit, exitPolicy);
    }

    /** The same with another PASID range. */
    public DeviceOptions withPasids(PasidRange range) {
        return new DeviceOptions(features, range, mmExit, exitPolicy);
    }

    /** The same with another callback. */
    public DeviceOptions withMmExit(MmExitHandler handler) {
        return new DeviceOptions(features, pasids, handler, exitPolicy);
    }

    /** The same with another exit policy. */
    public DeviceOptions withExitPolicy(ExitPolicy policy) {
        return new DeviceOptions(features, pasids, mmExit, policy);
    }
}
