package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.Access;
import dev.sva4j.api.FaultReason;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Event records in the words of core (IHI 0070 §7.3; {@code arm_smmu_handle_event}). */
final class EventDecoder {
    private EventDecoder() {}

    /** Whether a transaction waits for the answer to this event. Only the four faults of translation can stall. */
    static boolean isStalled(long[] event) {
        EventId id = EventId.of(event[0]);
        return id != null && id.isTranslationFault() && EventRecord.STALL.isSet(event[1]);
    }

    /** The request of a stalled transaction: a group of its own, named by its STAG. */
    static PageRequest pageRequest(long[] event) {
        boolean read = EventRecord.RNW.isSet(event[1]);
        return new PageRequest(
                requester(event),
                EventRecord.SSV.isSet(event[0]) ? (int) EventRecord.SUBSTREAMID.get(event[0]) : Pasid.NONE,
                EventRecord.INPUT_ADDR.getAddress(event[2]),
                read,
                !read,
                EventRecord.IND.isSet(event[1]),
                EventRecord.PNU.isSet(event[1]),
                (int) EventRecord.STAG.get(event[1]),
                true,
                PageRequest.Kind.STALL);
    }

    /** Any other event. */
    static FaultRecord fault(String unit, long[] event) {
        EventId id = EventId.of(event[0]);
        return new FaultRecord(
                unit,
                requester(event),
                pasid(id, event),
                address(id, event),
                access(id, event),
                reason(id),
                name(id, event),
                Arrays.stream(event).boxed().toList());
    }

    private static int requester(long[] event) {
        return (int) EventRecord.STREAMID.get(event[0]);
    }

    /** C_BAD_SUBSTREAMID has a SubstreamID without the bit that says so; two events have none at all. */
    private static int pasid(@Nullable EventId id, long[] event) {
        if (!has(id, EventRecord.SUBSTREAMID) || (has(id, EventRecord.SSV) && !EventRecord.SSV.isSet(event[0]))) {
            return Pasid.NONE;
        }
        return (int) EventRecord.SUBSTREAMID.get(event[0]);
    }

    private static long address(@Nullable EventId id, long[] event) {
        if (has(id, EventRecord.INPUT_ADDR)) {
            return EventRecord.INPUT_ADDR.getAddress(event[2]);
        }
        return has(id, EventRecord.INPUT_PAGE) ? EventRecord.INPUT_PAGE.getAddress(event[2]) : 0;
    }

    /** A read where the record does not say. */
    private static Access access(@Nullable EventId id, long[] event) {
        if (id == EventId.F_BAD_ATS_TREQ) {
            return EventRecord.TREQ_W.isSet(event[1]) ? Access.WRITE : Access.READ;
        } else if (has(id, EventRecord.RNW) && !EventRecord.RNW.isSet(event[1])) {
            return Access.WRITE;
        }
        return has(id, EventRecord.IND) && EventRecord.IND.isSet(event[1]) ? Access.EXECUTE : Access.READ;
    }

    private static boolean has(@Nullable EventId id, BitField field) {
        return id != null && id.layout().has(field);
    }

    private static String name(@Nullable EventId id, long[] event) {
        return id == null ? String.format("event 0x%02x", EventRecord.EVENT_NUMBER.get(event[0])) : id.name();
    }

    private static FaultReason reason(@Nullable EventId id) {
        if (id == null) {
            return FaultReason.OTHER;
        }
        return switch (id) {
            case C_BAD_STREAMID, F_STE_FETCH, C_BAD_STE -> FaultReason.BAD_DEVICE_ENTRY;
            case C_BAD_SUBSTREAMID, F_CD_FETCH, C_BAD_CD -> FaultReason.BAD_PASID_ENTRY;
            case F_UUT, F_BAD_ATS_TREQ, F_STREAM_DISABLED, F_TRANSL_FORBIDDEN -> FaultReason.FORBIDDEN_REQUEST;
            case F_WALK_EABT -> FaultReason.WALK_ABORT;
            case F_TRANSLATION -> FaultReason.NOT_PRESENT;
            case F_ADDR_SIZE -> FaultReason.ADDRESS_SIZE;
            case F_ACCESS -> FaultReason.ACCESS_FLAG;
            case F_PERMISSION -> FaultReason.PERMISSION;
            case F_TLB_CONFLICT, F_CFG_CONFLICT, E_PAGE_REQUEST, F_VMS_FETCH -> FaultReason.OTHER;
        };
    }
}
