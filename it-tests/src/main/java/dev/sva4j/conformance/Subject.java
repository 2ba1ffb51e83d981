package dev.sva4j.conformance;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.RegisterValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is under test: implemented by a plug-in's test class together with the chapters that it wants to run.
 *
 * <p>Only {@link #vendor()} has to be given. A rule cannot be waived by overriding it; what does not apply to a plug-in follows from
 * what its hardware half {@linkplain IommuVendor#carries() carries} and from the devices, and is skipped with the reason. What is known to
 * be broken is {@linkplain #deviations() declared}.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(RuleNames.class)
@ExtendWith(RuleRunner.class)
@SuppressWarnings("exports") // JUnit makes the two; nobody else needs them
public interface Subject {
    /** The plug-in. */
    IommuVendor vendor();

    /** Where the driver half comes from, if {@link #vendor()} has only the other one. */
    default IommuVendor driver() {
        return vendor();
    }

    /** Where the hardware half comes from, if {@link #vendor()} has only the other one. */
    default IommuVendor hardware() {
        return vendor();
    }

    /**
     * Devices to run the rules with, one system for each. By default one of each kind that the hardware half can carry: with page
     * requests, with ATS alone, stalling, and without any recoverable fault. They have no PASIDs if the hardware half carries none; then
     * processes are bound to their untagged traffic.
     */
    default List<DeviceSpec> devices() {
        return StandardDevices.carriedBy(hardware());
    }

    /** Behaviours of the hardware half to run the rules under: by default the typical one and both extremes. */
    default List<Behaviour> behaviours() {
        return List.of(Behaviour.TYPICAL, Behaviour.FORGETFUL, Behaviour.TENACIOUS);
    }

    /**
     * Values of the registers that the plug-in's decoder asks for, read from a running IOMMU: by default what the decoder itself reads.
     * Without them the rules about decoding are skipped.
     *
     * @param registers as the driver half sees them
     * @see dev.sva4j.spi.IommuInspection#read
     */
    default RegisterValues registers(Mmio registers) {
        return driver().inspection()
                .map(inspection -> inspection.read(registers))
                .orElseGet(() -> new RegisterValues(Map.of()));
    }

    /**
     * Rules that are known to be broken: by default what the plug-ins of both halves {@linkplain Deviation declare} in their jars.
     */
    default List<Deviation> deviations() {
        return Deviation.declaredBy(driver(), hardware());
    }

    /** How many schedules to try for a rule about things that happen at the same time. */
    default int schedules() {
        return 12;
    }

    /**
     * Whether rules run on threads and the clock too. If not they run in schedules chosen from seeds only, where a wait for what never
     * happens takes no time and a run can be repeated; what only real threads bring to light stays in the dark then.
     */
    default boolean onThreads() {
        return true;
    }

    /** The first of the seeds that schedules are chosen from; the others follow it. */
    default long firstSeed() {
        return 1;
    }

    /**
     * How long one run of a rule may take. No rule takes nearly that long unless something never ends; what waits inside a rule gives up
     * much earlier.
     */
    default Duration patience() {
        return Duration.ofMinutes(2);
    }
}
