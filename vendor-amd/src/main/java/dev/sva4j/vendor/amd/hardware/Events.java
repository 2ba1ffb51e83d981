package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.amd.layout.EventCode;
import dev.sva4j.vendor.amd.layout.EventLogEntry;
import dev.sva4j.vendor.amd.layout.PprLogEntry;

/** Composes the events of the event log (AMD-Vi 2.5). */
final class Events {
    private final Log log;

    Events(Log log) {
        this.log = log;
    }

    /**
     * A request failed. An IO_PAGE_FAULT is not logged if DTE.SA or DTE.SE says so, nor of a translation request
     * (VirtualBox, of section 2.1.3.2).
     */
    void requestFailed(long fault, DeviceEntry device, int deviceId, int pasid, long address, int request) {
        if (fault == Fault.SILENT) {
            return;
        }
        boolean translation = Request.has(request, Request.TRANSLATION);
        if (Fault.isPageFault(fault) && (translation || !device.logsPageFault())) {
            return;
        }
        log.write(word0(fault, device, deviceId, pasid, request), word1(fault, address));
    }

    /** The first word of the event that a fault is. */
    static long word0(long fault, DeviceEntry device, int deviceId, int pasid, int request) {
        // A tool may ask for a device that there cannot be.
        long word = Fault.word0(fault) | EventLogEntry.DEVICE_ID.getAddress(deviceId);
        EventCode code = EventCode.of(word);
        boolean translation = Request.has(request, Request.TRANSLATION);
        boolean writes = Request.has(request, Request.WRITE);
        boolean user = !Request.has(request, Request.PRIVILEGED);
        if (code == EventCode.DEV_TAB_HARDWARE_ERROR) {
            return word | EventLogEntry.RW.encode(writes) | EventLogEntry.TR.encode(translation);
        }
        // What a PASID means is known without a DTE, and what no PASID means is not.
        boolean guest = device.isGuestRequest(pasid);
        if (code == EventCode.IO_PAGE_FAULT && Fault.hasOwnAddress(fault)) {
            guest = false;
        }
        if (guest) {
            word = EventLogEntry.PASID.put(0, word, DeviceEntry.effectivePasid(pasid)) | EventLogEntry.GN.encode(true);
        } else if (code == EventCode.IO_PAGE_FAULT || code == EventCode.PAGE_TAB_HARDWARE_ERROR) {
            word |= EventLogEntry.DOMAIN_ID.encode(device.domain);
        }
        if (code == EventCode.INVALID_DEVICE_REQUEST) {
            return word | EventLogEntry.US.encode(guest && user) | EventLogEntry.TR.encode(translation);
        }
        if (code == EventCode.IO_PAGE_FAULT && guest) {
            word |= EventLogEntry.US.encode(user) | EventLogEntry.NX.encode(Request.has(request, Request.EXECUTE));
        }
        return word | EventLogEntry.RW.encode(writes) | EventLogEntry.TR.encode(translation);
    }

    private static long word1(long fault, long address) {
        if (Fault.hasOwnAddress(fault)) {
            return Fault.address(fault);
        }
        return Fault.is(fault) && EventCode.of(Fault.word0(fault)) == EventCode.ILLEGAL_DEV_TABLE_ENTRY
                ? EventLogEntry.ADDRESS_4.getAddress(address)
                : address;
    }

    void illegalCommand(long command) {
        log.write(EventCode.ILLEGAL_COMMAND_ERROR.word0(), command);
    }

    /** The command cannot be read, or what it stores cannot be written. */
    void commandHardwareError(long command) {
        long type = EventLogEntry.HARDWARE_ERROR_TYPE.encode(EventLogEntry.TYPE_TARGET_ABORT);
        log.write(EventCode.COMMAND_HARDWARE_ERROR.word0() | type, command);
    }

    /** A device did not answer INVALIDATE_IOTLB_PAGES. */
    void invalidationTimedOut(int deviceId, long command) {
        log.write(EventCode.IOTLB_INV_TIMEOUT.word0() | EventLogEntry.DEVICE_ID.encode(deviceId), command);
    }

    /** A page request that the IOMMU does not take. Flags are not known and stay 0. */
    void invalidPageRequest(PageRequest request) {
        int pasid = request.pasid() == Pasid.NONE ? 0 : request.pasid();
        long word = EventCode.INVALID_PPR_REQUEST.word0() | EventLogEntry.DEVICE_ID.encode(request.requester());
        word = EventLogEntry.PPR_PASID.put(0, word, pasid);
        word |= PprLogEntry.PRG_INDEX.encode(request.group()) | PprLogEntry.LAST.encode(request.last());
        log.write(word, PprLogEntry.word1(request.address()));
    }
}
