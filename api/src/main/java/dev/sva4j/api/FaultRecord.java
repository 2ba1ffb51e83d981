package dev.sva4j.api;

import java.util.List;
import org.apiguardian.api.API;

/**
 * An unrecoverable fault: normalized, plus the record as the hardware wrote it.
 *
 * @param unit name of the IOMMU
 * @param requester requester id or StreamID, unsigned
 * @param pasid PASID of the request, or {@code -1} if it carried none or the record does not say
 * @param address faulting device address, as far as the record has it, else 0
 * @param access what was attempted
 * @param reason why it failed
 * @param vendorCode the manual's name of the fault
 * @param raw the record, 64-bit words, lowest address first
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record FaultRecord(
        String unit,
        int requester,
        int pasid,
        long address,
        Access access,
        FaultReason reason,
        String vendorCode,
        List<Long> raw) {

    /** Copies the list. */
    public FaultRecord {
        raw = List.copyOf(raw);
    }

    @Override
    public String toString() {
        return String.format(
                "%s: %s (%s) requester 0x%x pasid %s %s at 0x%x",
                unit, vendorCode, reason, requester, pasid < 0 ? "-" : Integer.toString(pasid), access, address);
    }
}
