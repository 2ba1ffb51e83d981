package dev.sva4j.core.system;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SystemConfiguration;
import dev.sva4j.core.bond.BondDirectory;
import dev.sva4j.core.bond.SystemDevice;
import dev.sva4j.core.fault.FaultTarget;
import dev.sva4j.core.fault.FaultTargets;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.pagetable.PageTableFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The IOMMUs of a system and the devices behind each. Thread-safe. */
final class DeviceDirectory {
    /** One IOMMU with the devices behind it, by requester id. */
    private static final class Branch implements FaultTargets, DeviceLink {
        private final ConcurrentMap<Integer, SystemDevice> devices = new ConcurrentHashMap<>();
        // Requester id to name, also of devices that are just being attached.
        private final ConcurrentMap<Integer, String> claims = new ConcurrentHashMap<>();

        @Override
        public @Nullable String deviceName(int requester) {
            SystemDevice device = devices.get(requester);
            return device == null ? null : device.spec().name();
        }

        @Override
        public @Nullable FaultTarget find(int requester, int pasid) {
            SystemDevice device = devices.get(requester);
            return device == null ? null : device.findBond(pasid);
        }

        @Override
        public void invalidateAtc(int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {
            SystemDevice device = devices.get(requester);
            if (device != null) {
                device.endpoint().invalidateAtc(pasid, address, log2Bytes, global, tag);
            }
        }

        @Override
        public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {
            SystemDevice device = devices.get(requester);
            if (device != null) {
                device.endpoint().pageGroupResponse(pasid, group, code);
            }
        }
    }

    private final BondDirectory bonds;
    private final List<Branch> branches = new ArrayList<>();
    private final List<UnitFactory.Wired> units = new ArrayList<>();

    private final ConcurrentMap<String, SystemDevice> byName = new ConcurrentHashMap<>();
    // Names, also of devices that are just being attached.
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /** Brings up every IOMMU and attaches every device; on failure nothing stays up. */
    DeviceDirectory(SystemConfiguration configuration, UnitFactory factory, BondDirectory bonds) {
        this.bonds = bonds;
        try {
            for (int i = 0; i < configuration.units(); i++) {
                Branch branch = new Branch();
                units.add(factory.create("iommu" + i, branch, branch));
                branches.add(branch);
            }
            for (DeviceSpec spec : configuration.devices()) {
                add(spec);
            }
        } catch (RuntimeException | Error e) {
            units.forEach(each -> each.unit().close());
            throw e;
        }
    }

    // Name and requester id are claimed first: attaching waits for the hardware, so no lock can be held over both.
    SystemDevice add(DeviceSpec spec) {
        if (spec.unit() >= units.size()) {
            throw new SvaException(
                    SvaError.INVALID,
                    "device " + spec.name() + " is behind IOMMU " + spec.unit() + ", but there are only "
                            + units.size());
        }
        if (!names.add(spec.name())) {
            throw new SvaException(
                    SvaError.EXISTS, "there is a device " + spec.name() + " already; choose another name");
        }
        try {
            return attach(spec, branches.get(spec.unit()), units.get(spec.unit()));
        } catch (RuntimeException | Error e) {
            names.remove(spec.name());
            throw e;
        }
    }

    private SystemDevice attach(DeviceSpec spec, Branch branch, UnitFactory.Wired wired) {
        String taken = branch.claims.putIfAbsent(spec.requester(), spec.name());
        if (taken != null) {
            throw new SvaException(
                    SvaError.EXISTS,
                    String.format(
                            "requester id 0x%x of %s belongs to %s already", spec.requester(), spec.name(), taken));
        }
        try {
            SystemDevice device = new SystemDevice(spec, wired.unit(), wired.router(), bonds);
            branch.devices.put(spec.requester(), device);
            byName.put(spec.name(), device);
            return device;
        } catch (RuntimeException | Error e) {
            branch.claims.remove(spec.requester());
            throw e;
        }
    }

    SystemDevice require(String name) {
        SystemDevice device = byName.get(name);
        if (device == null) {
            throw new SvaException(
                    SvaError.NO_DEVICE,
                    "no device '" + name + "'; there are: "
                            + (byName.isEmpty()
                                    ? "none"
                                    : byName.keySet().stream().sorted().collect(Collectors.joining(", "))));
        }
        return device;
    }

    /** Format of page tables for untagged traffic. Units of one system are alike; attaching checks that. */
    PageTableFormat untaggedFormat() {
        return units.get(0).unit().driver().domainFormat(false);
    }

    List<SystemDevice> all() {
        return List.copyOf(byName.values());
    }

    /** Detaches every device and ends every IOMMU, whatever one of them throws. */
    void close(List<String> problems) {
        for (SystemDevice device : all()) {
            attempt("detaching " + device.spec().name(), device::detach, problems);
        }
        for (UnitFactory.Wired each : units) {
            attempt("closing " + each.unit().name(), each.unit()::close, problems);
        }
    }

    private static void attempt(String what, Runnable step, List<String> problems) {
        try {
            step.run();
        } catch (RuntimeException e) {
            problems.add(what + " failed: " + e.getMessage());
        }
    }
}
