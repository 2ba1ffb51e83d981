package dev.sva4j.cli;

import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.IommuVendor;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The plug-ins on the path. */
public final class InstalledVendors {
    private final Map<String, IommuVendor> byId = new TreeMap<>();

    private InstalledVendors() {}

    /**
     * Looks them up.
     *
     * @throws dev.sva4j.api.SvaException if one cannot be loaded, or two have one id
     */
    public static InstalledVendors find() {
        // Checks what is there and words what is wrong with it; here remains only to get hold of the objects.
        SvaSystem.installedVendors();
        InstalledVendors found = new InstalledVendors();
        for (IommuVendor vendor : ServiceLoader.load(IommuVendor.class)) {
            found.byId.putIfAbsent(vendor.id(), vendor);
        }
        return found;
    }

    /**
     * These and {@code others}.
     *
     * @throws InputException if two have one id
     */
    public InstalledVendors with(List<IommuVendor> others) {
        InstalledVendors all = new InstalledVendors();
        all.byId.putAll(byId);
        for (IommuVendor other : others) {
            IommuVendor first = all.byId.putIfAbsent(other.id(), other);
            if (first != null) {
                throw new InputException("two plug-ins call themselves '" + other.id() + "': "
                        + first.getClass().getName() + " and "
                        + other.getClass().getName() + "; give one another id");
            }
        }
        return all;
    }

    /** All, by id. */
    public List<IommuVendor> all() {
        return List.copyOf(byId.values());
    }

    /**
     * The one of this id.
     *
     * @throws InputException listing those found if there is none
     */
    public IommuVendor require(String id) {
        IommuVendor vendor = byId.get(id);
        if (vendor == null) {
            throw new InputException("no IOMMU plug-in '" + id + "'; installed: " + ids());
        }
        return vendor;
    }

    /** The ids for a message. */
    public String ids() {
        return byId.isEmpty()
                ? "none (put a vendor jar on the path)"
                : byId.keySet().stream().collect(Collectors.joining(", "));
    }
}
