package dev.sva4j.spi;

import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * What an IOMMU can do, read from its ID registers by the driver half.
 *
 * @param pasidBits width of the PASIDs it takes, 0 (none) … 20
 * @param inputAddressBits width of the device addresses it translates
 * @param outputAddressBits width of the physical addresses it can put out
 * @param features the rest
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record IommuCapabilities(int pasidBits, int inputAddressBits, int outputAddressBits, Set<Feature> features) {

    /** Checks the widths and copies the features. */
    public IommuCapabilities {
        if (pasidBits < 0 || pasidBits > 20) {
            throw new IllegalArgumentException("pasidBits is " + pasidBits + "; PCIe knows 0 to 20");
        }
        Set<Feature> copy = EnumSet.noneOf(Feature.class);
        copy.addAll(features);
        features = Set.copyOf(copy);
    }

    /** Whether {@code feature} is there. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** A yes-or-no capability. */
    public enum Feature {
        /** Walks are coherent with CPU caches. */
        COHERENT_WALK,
        /** Serves ATS translation requests. */
        ATS,
        /** Has a page-request queue. */
        PRI,
        /** Can hold a faulting transaction until software answers. */
        STALL,
        /** A process's page tables can serve requests without a PASID. */
        UNTAGGED_PROCESS,
        /** Sets accessed and dirty bits itself. */
        ACCESS_DIRTY_UPDATE,
        /** Invalidates by address range with one command. */
        RANGE_INVALIDATION,
        /** Can silence faults of one PASID by itself. */
        SILENT_QUIESCE,
        /** Sends interrupts as messages. */
        MESSAGE_INTERRUPTS
    }
}
