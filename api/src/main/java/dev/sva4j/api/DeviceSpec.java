package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * A device as the platform describes it: its identity towards the IOMMU and its capabilities.
 *
 * @param name unique in the system
 * @param unit index of the IOMMU in front of it, from 0
 * @param requester requester id (PCI: bus, device, function) or StreamID, unsigned
 * @param pasidBits width of the PASIDs that it can emit, 0 (none) … 20
 * @param ats has an address translation cache (PCIe ATS)
 * @param pageRequestCredit outstanding page requests of its PRI, 0 for none; needs ATS
 * @param stall tolerates stalled transactions (platform devices only: not with ATS)
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record DeviceSpec(
        String name, int unit, int requester, int pasidBits, boolean ats, int pageRequestCredit, boolean stall) {

    /** Checks that the capabilities fit together. */
    public DeviceSpec {
        if (name.isBlank()) {
            throw invalid("(no name)", "a device needs a name");
        }
        if (unit < 0) {
            throw invalid(name, "IOMMU unit " + unit + " is negative");
        }
        if (pasidBits < 0 || pasidBits > 20) {
            throw invalid(name, "a PASID width of " + pasidBits + " bits is not 0 to 20");
        }
        if (pageRequestCredit < 0 || pageRequestCredit > 512) {
            throw invalid(name, "a page-request credit of " + pageRequestCredit + " is not 0 to 512");
        }
        if (pageRequestCredit > 0 && !ats) {
            throw invalid(name, "page requests (PRI) need ATS");
        }
        if (stall && ats) {
            throw invalid(name, "a PCI function (ATS) may not stall");
        }
    }

    private static SvaException invalid(String name, String what) {
        return new SvaException(SvaError.INVALID, "device " + name + ": " + what);
    }

    /**
     * A PCI function with a 20-bit PASID, ATS and PRI, behind IOMMU 0.
     *
     * @param requester bus, device and function as 16 bits
     */
    public static DeviceSpec pci(String name, int requester) {
        return new DeviceSpec(name, 0, requester, 20, true, 32, false);
    }

    /**
     * A platform device that stalls on faults, with 16-bit PASIDs, behind IOMMU 0.
     *
     * @param streamId its StreamID
     */
    public static DeviceSpec platform(String name, int streamId) {
        return new DeviceSpec(name, 0, streamId, 16, false, 0, true);
    }

    /** The same with another PASID width. */
    public DeviceSpec withPasidBits(int bits) {
        return new DeviceSpec(name, unit, requester, bits, ats, pageRequestCredit, stall);
    }

    /** The same with ATS on or off; without it there are no page requests either. */
    public DeviceSpec withAts(boolean on) {
        return new DeviceSpec(name, unit, requester, pasidBits, on, on ? pageRequestCredit : 0, stall);
    }

    /** The same with another page-request credit; 0 turns PRI off. */
    public DeviceSpec withPageRequestCredit(int credit) {
        return new DeviceSpec(name, unit, requester, pasidBits, ats, credit, stall);
    }

    /** The same with stall on or off. */
    public DeviceSpec withStall(boolean on) {
        return new DeviceSpec(name, unit, requester, pasidBits, ats, pageRequestCredit, on);
    }

    /** The same behind another IOMMU. */
    public DeviceSpec withUnit(int index) {
        return new DeviceSpec(name, index, requester, pasidBits, ats, pageRequestCredit, stall);
    }

    /** Whether faults of the device can be resolved by software: by page requests or by stalling. */
    public boolean hasRecoverableFaults() {
        return pageRequestCredit > 0 || stall;
    }
}
