package dev.sva4j.conformance;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuVendor;
import org.apiguardian.api.API;

/**
 * A driver half and a hardware half that are put under test together.
 *
 * @param driver where the driver half comes from
 * @param hardware where the hardware half comes from; the same plug-in, or another one of the same architecture
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public record Halves(IommuVendor driver, IommuVendor hardware) {
    /**
     * Checks that the halves fit together.
     *
     * @throws SvaException UNSUPPORTED if a half is not there, or the architectures differ
     */
    public Halves {
        if (!driver.hasDriver()) {
            throw new SvaException(SvaError.UNSUPPORTED, "plug-in '" + driver.id() + "' has no driver half");
        }
        if (!hardware.hasHardware()) {
            throw new SvaException(SvaError.UNSUPPORTED, "plug-in '" + hardware.id() + "' has no hardware half");
        }
        if (!driver.architecture().equals(hardware.architecture())) {
            throw new SvaException(
                    SvaError.UNSUPPORTED,
                    String.format(
                            "driver half '%s' is for %s, hardware half '%s' is %s; choose halves of one architecture",
                            driver.id(), driver.architecture(), hardware.id(), hardware.architecture()));
        }
    }

    /** Both halves of one plug-in. */
    public static Halves of(IommuVendor vendor) {
        return new Halves(vendor, vendor);
    }

    /** The id of the plug-in, or {@code DRIVER+HARDWARE} if there are two. */
    public String name() {
        return driver.id().equals(hardware.id()) ? driver.id() : driver.id() + "+" + hardware.id();
    }
}
