package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * One thing that crossed a byte boundary between the halves of an IOMMU.
 *
 * @param sequence position in the trace, from 0
 * @param unit name of the IOMMU, or of the device for device-port messages
 * @param kind what crossed
 * @param address physical address, register offset, message address or device address
 * @param value word stored or read, message data, tag or group
 * @param size bytes
 * @param detail the rest in words; empty if there is none
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record TraceEvent(long sequence, String unit, Kind kind, long address, long value, int size, String detail) {
    /** What crosses. */
    public enum Kind {
        /** The driver half or the CPU stored to memory. */
        DRIVER_STORE,
        /** The hardware half stored to memory. */
        HARDWARE_STORE,
        /** The driver half read a register. */
        REGISTER_READ,
        /** The driver half wrote a register. */
        REGISTER_WRITE,
        /** The hardware half sent an interrupt. */
        INTERRUPT,
        /** A device submitted a transaction. */
        TRANSACTION,
        /** A device sent a page request. */
        PAGE_REQUEST,
        /** A device received a page group response. */
        PAGE_RESPONSE,
        /** A device received an ATC invalidation. */
        ATC_INVALIDATE,
        /** A device confirmed an ATC invalidation. */
        ATC_INVALIDATE_DONE
    }

    @Override
    public String toString() {
        return String.format("%6d %-8s %-19s 0x%x 0x%x/%d %s", sequence, unit, kind, address, value, size, detail);
    }
}
