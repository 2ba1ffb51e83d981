package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;

/**
 * What tables and a device table entry together allow to a request, the same whether a leaf comes from a walk or from
 * the TLB.
 *
 * <p>In guest tables a user request needs U/S on every level. A privileged one does not, but writes need R/W all the
 * same, as with CR0.WP = 1, and execution needs NX = 0; no source says so for the IOMMU.
 */
final class Permissions {
    private Permissions() {}

    static boolean mayRead(DeviceEntry device, long flags, int request) {
        return device.readable && Leaf.READABLE.isSet(flags) && isOfItsPrivilege(flags, request);
    }

    static boolean mayWrite(DeviceEntry device, long flags, int request) {
        return device.writable && Leaf.WRITABLE.isSet(flags) && isOfItsPrivilege(flags, request);
    }

    static boolean mayExecute(DeviceEntry device, long flags, int request) {
        return mayRead(device, flags, request) && Leaf.EXECUTABLE.isSet(flags);
    }

    private static boolean isOfItsPrivilege(long flags, int request) {
        return Leaf.USER.isSet(flags) || Request.has(request, Request.PRIVILEGED);
    }

    /** Whether the request gets what it needs. A translation request needs nothing: it takes what there is. */
    static boolean suffice(DeviceEntry device, long flags, int request) {
        if (Request.has(request, Request.TRANSLATION)) {
            return true;
        }
        return (!Request.has(request, Request.READ) || mayRead(device, flags, request))
                && (!Request.has(request, Request.WRITE) || mayWrite(device, flags, request))
                && (!Request.has(request, Request.EXECUTE) || mayExecute(device, flags, request));
    }

    /** Whether the request is going to write by what it is granted, so that the leaf must be dirty. */
    static boolean dirties(DeviceEntry device, long flags, int request) {
        return Request.has(request, Request.WRITE | Request.WRITE_IF_ALLOWED) && mayWrite(device, flags, request);
    }
}
