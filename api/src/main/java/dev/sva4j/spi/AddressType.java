package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * The AT field of a memory request.
 *
 * <p>Source: PCI Express Base Specification, "Address Translation Services", AT encodings.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum AddressType {
    /** The address is a device address and is translated on its way. */
    UNTRANSLATED,
    /** Asks for a translation; transfers no data. */
    TRANSLATION_REQUEST,
    /**
     * The address came from an earlier translation completion. Carries no PASID: endpoints leave the PCIe control
     * "Translated Requests with PASID Enable" off, as it is after reset.
     */
    TRANSLATED
}
