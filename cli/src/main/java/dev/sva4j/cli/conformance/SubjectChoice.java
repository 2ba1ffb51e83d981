package dev.sva4j.cli.conformance;

import dev.sva4j.cli.InputException;
import dev.sva4j.cli.InstalledVendors;
import dev.sva4j.conformance.Halves;
import dev.sva4j.spi.IommuVendor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which halves to put under test. */
final class SubjectChoice {
    private final InstalledVendors known;

    /** @param known everything that can be named, plug-in jars included */
    SubjectChoice(InstalledVendors known) {
        this.known = known;
    }

    /** One driver half with one hardware half. */
    List<Halves> pair(String driver, String hardware) {
        return List.of(new Halves(known.require(driver), known.require(hardware)));
    }

    /** These plug-ins. */
    List<Halves> of(List<IommuVendor> vendors) {
        return vendors.stream()
                .flatMap(vendor -> with(vendor).stream())
                .distinct()
                .toList();
    }

    /** Every plug-in with both halves. */
    List<Halves> all() {
        List<Halves> whole = known.all().stream()
                .filter(SubjectChoice::isWhole)
                .map(Halves::of)
                .toList();
        if (whole.isEmpty()) {
            throw new InputException("no plug-in with both halves is installed; installed: " + known.ids());
        }
        return whole;
    }

    /** A plug-in with both halves is a subject of its own; one with a single half is tried with every other half that fits. */
    private List<Halves> with(IommuVendor vendor) {
        if (isWhole(vendor)) {
            return List.of(Halves.of(vendor));
        }
        List<Halves> pairs = new ArrayList<>();
        for (IommuVendor other : known.all()) {
            Halves pair = other.architecture().equals(vendor.architecture()) ? pair(vendor, other) : null;
            if (pair != null) {
                pairs.add(pair);
            }
        }
        if (pairs.isEmpty()) {
            throw new InputException("plug-in '" + vendor.id() + "' has only one half or none, and no other half for "
                    + vendor.architecture() + " is there; known: " + known.ids());
        }
        return pairs;
    }

    private static @Nullable Halves pair(IommuVendor vendor, IommuVendor other) {
        if (vendor.hasDriver() && other.hasHardware()) {
            return new Halves(vendor, other);
        }
        return vendor.hasHardware() && other.hasDriver() ? new Halves(other, vendor) : null;
    }

    private static boolean isWhole(IommuVendor vendor) {
        return vendor.hasDriver() && vendor.hasHardware();
    }
}
