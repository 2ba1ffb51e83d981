package dev.sva4j.api;

import dev.sva4j.spi.CoreProvider;
import dev.sva4j.spi.IommuVendor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds plug-ins and the core through a class loader; its errors list what was found. */
final class VendorLookup {
    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final Map<String, IommuVendor> byId = new TreeMap<>();

    private VendorLookup(Iterable<IommuVendor> vendors) {
        for (IommuVendor vendor : vendors) {
            String id = vendor.id();
            if (!ID.matcher(id).matches()) {
                throw new SvaException(
                        SvaError.INVALID,
                        "plug-in " + vendor.getClass().getName() + " calls itself '" + id
                                + "'; an id is lower-case letters, digits and single dashes");
            }
            // The same class may be announced by a module descriptor and by META-INF/services: the first one stands.
            // Two different classes under one id would make the choice depend on the order of the path, so that is an
            // error.
            IommuVendor first = byId.putIfAbsent(id, vendor);
            if (first != null && first.getClass() != vendor.getClass()) {
                throw new SvaException(
                        SvaError.EXISTS,
                        "two plug-ins call themselves '" + id + "': "
                                + first.getClass().getName() + " and "
                                + vendor.getClass().getName() + "; remove one from the path");
            }
        }
    }

    static VendorLookup in(ClassLoader loader) {
        return new VendorLookup(load(IommuVendor.class, loader));
    }

    static VendorLookup ofContext() {
        return in(contextLoader());
    }

    static ClassLoader contextLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : VendorLookup.class.getClassLoader();
    }

    static CoreProvider core(ClassLoader loader) {
        List<CoreProvider> cores = load(CoreProvider.class, loader);
        if (cores.isEmpty()) {
            throw new SvaException(
                    SvaError.NO_DEVICE,
                    "no sva4j core found; put sva4j-core on the class path or module path (a vendor jar brings it along)");
        }
        return cores.get(0);
    }

    private static <S> List<S> load(Class<S> service, ClassLoader loader) {
        List<S> found = new ArrayList<>();
        try {
            for (S each : loadWithCaller(service, loader)) {
                found.add(each);
            }
        } catch (ServiceConfigurationError e) {
            throw new SvaException(
                    SvaError.INVALID,
                    "a plug-in could not be loaded: " + e.getMessage() + "; mend or remove its jar",
                    e);
        }
        return found;
    }

    // ServiceLoader checks 'uses' of the module of its caller, which is this one.
    private static <S> ServiceLoader<S> loadWithCaller(Class<S> service, ClassLoader loader) {
        return ServiceLoader.load(service, loader);
    }

    IommuVendor require(String id) {
        IommuVendor vendor = byId.get(id);
        if (vendor == null) {
            throw new SvaException(
                    SvaError.NO_DEVICE,
                    "no IOMMU plug-in '" + id + "'; found: "
                            + (byId.isEmpty()
                                    ? "none (put a vendor jar on the path)"
                                    : String.join(", ", byId.keySet())));
        }
        return vendor;
    }

    List<VendorInfo> describe() {
        return byId.values().stream()
                .map(v -> new VendorInfo(
                        v.id(),
                        v.architecture(),
                        v.description(),
                        v.hasDriver(),
                        v.hasHardware(),
                        v.carries().stream().map(Enum::name).toList(),
                        v.quiesceStrategies().stream().map(q -> q.name()).toList()))
                .toList();
    }
}
