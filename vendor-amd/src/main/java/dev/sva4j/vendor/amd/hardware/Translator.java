package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.amd.layout.EventLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * From a request to a physical address: what the device table says, then guest tables, host tables, or neither. Logs
 * what fails.
 *
 * <p>The epoch of the caches is sampled before anything is looked at, even the control registers.
 */
final class Translator {
    private final Control control;
    private final Features features;
    private final Caches caches;
    private final DeviceTableWalk devices;
    private final Gcr3Walk gcr3;
    private final GuestWalk guest;
    private final HostWalk host;
    private final Events events;

    Translator(
            Control control,
            Features features,
            Caches caches,
            DeviceTableWalk devices,
            Gcr3Walk gcr3,
            GuestWalk guest,
            HostWalk host,
            Events events) {
        this.control = control;
        this.features = features;
        this.caches = caches;
        this.devices = devices;
        this.gcr3 = gcr3;
        this.guest = guest;
        this.host = host;
        this.events = events;
    }

    /**
     * Translates an untranslated request or a translation request.
     *
     * @param pasid or {@link Pasid#NONE}
     * @param request bits of {@link Request}
     * @return a leaf that allows what the request needs, with what the device may do with it; or the fault, logged
     */
    long translate(int deviceId, int pasid, long address, int request) {
        long epoch = caches.epoch.get();
        Settings settings = control.settings();
        if (!settings.enabled()) {
            // There is nothing that would know what a PASID or a translation is.
            boolean passes = pasid == Pasid.NONE && !Request.has(request, Request.TRANSLATION);
            return passes && Leaf.reaches(address) ? Leaf.identity(address) : Fault.SILENT;
        }
        DeviceEntry device = devices.find(settings, deviceId, epoch);
        long result = translate(device, settings, pasid, address, request, epoch);
        if (Fault.is(result)) {
            events.requestFailed(result, device, deviceId, pasid, address, request);
        }
        return result;
    }

    private long translate(DeviceEntry device, Settings settings, int pasid, long address, int request, long epoch) {
        if (device.fault != 0) {
            return device.fault;
        }
        boolean translation = Request.has(request, Request.TRANSLATION);
        if (translation && (!device.valid || !device.translates || !device.deviceTlb)) {
            return Fault.invalidRequest(EventLogEntry.TRANSLATION_REQUEST_NOT_ALLOWED);
        }
        if (!device.valid) {
            return Leaf.reaches(address) ? Leaf.identity(address) : Fault.LEVEL;
        }
        if (!device.translates) {
            return Fault.NOT_PRESENT;
        }
        if (device.mode > features.hostLevels) {
            return Fault.LEVEL;
        }
        long leaf = find(device, settings, pasid, address, request, epoch);
        if (translation && !Fault.is(leaf)) {
            long effective = Leaf.READABLE.put(leaf, Permissions.mayRead(device, leaf, request));
            effective = Leaf.WRITABLE.put(effective, Permissions.mayWrite(device, leaf, request));
            return Leaf.EXECUTABLE.put(effective, Permissions.mayExecute(device, leaf, request));
        }
        return leaf;
    }

    private long find(DeviceEntry device, Settings settings, int pasid, long address, int request, long epoch) {
        if (device.isGuestRequest(pasid)) {
            // A PASID where there are no guests has no documented answer; it looks like one whose entry is not valid.
            if (!device.guests) {
                return Fault.NOT_PRESENT;
            }
            int effective = DeviceEntry.effectivePasid(pasid);
            long root = gcr3.find(device, settings, effective, epoch);
            return guest.translate(device, settings, effective, root, address, request, epoch);
        }
        if (device.mode != 0) {
            return host.translate(device, address, request, epoch);
        }
        if (!Leaf.reaches(address)) {
            return Fault.LEVEL;
        }
        return Permissions.suffice(device, Leaf.EVERYTHING, request) ? Leaf.identity(address) : Fault.PERMISSION;
    }

    /** Whether a translated request may pass: a leaf that leads to its address, or the fault, logged. */
    long admitTranslated(int deviceId, int pasid, long address, int request) {
        long epoch = caches.epoch.get();
        Settings settings = control.settings();
        if (!settings.enabled()) {
            return Fault.SILENT;
        }
        DeviceEntry device = devices.find(settings, deviceId, epoch);
        long result = device.fault;
        if (result == 0) {
            boolean passes = device.valid && device.deviceTlb && Leaf.reaches(address);
            result = passes ? Leaf.identity(address) : Fault.invalidRequest(EventLogEntry.REQUEST_PRE_TRANSLATED);
        }
        if (Fault.is(result)) {
            events.requestFailed(result, device, deviceId, pasid, address, request);
        }
        return result;
    }

    /** What happens to a write of an address that means an interrupt: 0, or the fault, logged. Nothing is remapped. */
    long admitInterrupt(int deviceId, int pasid, long address, int request, boolean isMessage) {
        long epoch = caches.epoch.get();
        Settings settings = control.settings();
        if (!settings.enabled()) {
            return isMessage && pasid == Pasid.NONE ? 0 : Fault.SILENT;
        }
        DeviceEntry device = devices.find(settings, deviceId, epoch);
        long fault = device.fault;
        if (fault == 0 && pasid != Pasid.NONE) {
            fault = Fault.INTERRUPT_WITH_PASID;
        } else if (fault == 0 && !isMessage) {
            fault = Fault.invalidRequest(EventLogEntry.REQUEST_INTERRUPT_READ);
        } else if (fault == 0 && device.interruptsAbort) {
            fault = Fault.invalidRequest(EventLogEntry.REQUEST_INTERRUPT_WRITE);
        }
        if (fault != 0) {
            events.requestFailed(fault, device, deviceId, pasid, address, request);
        }
        return fault;
    }

    /** Walks for nobody, so that the translation is in the TLB; what was there goes first if {@code drop}. */
    void prefetch(int deviceId, int pasid, long address, boolean drop) {
        long epoch = caches.epoch.get();
        Settings settings = control.settings();
        DeviceEntry device = devices.find(settings, deviceId, epoch);
        if (device.fault != 0 || !device.valid || !device.translates || device.mode > features.hostLevels) {
            return;
        }
        if (drop) {
            if (device.isGuestRequest(pasid)) {
                caches.invalidatePasidPages(device.domain, DeviceEntry.effectivePasid(pasid), address, address, false);
            } else {
                caches.invalidateDomainPages(device.domain, address, address, false);
            }
            epoch = caches.epoch.get();
        }
        find(device, settings, pasid, address, Request.TRANSLATION, epoch);
    }

    /** The first word of the event that a fault of a request is. */
    long event(long fault, int deviceId, int pasid, int request) {
        DeviceEntry device = devices.find(control.settings(), deviceId, caches.epoch.get());
        return Events.word0(fault, device, deviceId, pasid, request);
    }

    /** The entry of a device, for a page request; null if the IOMMU is off. */
    @Nullable
    DeviceEntry device(int deviceId) {
        long epoch = caches.epoch.get();
        Settings settings = control.settings();
        return settings.enabled() ? devices.find(settings, deviceId, epoch) : null;
    }
}
