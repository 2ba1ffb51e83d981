package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.layout.EventLogEntry.GN;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.I;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.NX;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.PE;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.PR;
import static dev.sva4j.vendor.amd.layout.EventLogEntry.RW;

import dev.sva4j.api.Access;
import dev.sva4j.api.FaultReason;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.spi.Pasid;
import dev.sva4j.vendor.amd.layout.EventCode;
import dev.sva4j.vendor.amd.layout.EventLogEntry;
import dev.sva4j.vendor.amd.layout.PprLogEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events in the words of core (AMD-Vi 2.5). */
final class EventDecoder {
    private EventDecoder() {}

    static FaultRecord fault(String unit, long word0, long word1) {
        EventCode code = EventCode.of(word0);
        return new FaultRecord(
                unit,
                (int) EventLogEntry.DEVICE_ID.get(word0),
                pasid(code, word0),
                word1,
                access(code, word0),
                reason(code, word0),
                code == null ? String.format("event 0x%x", EventLogEntry.EVENT_CODE.get(word0)) : code.name(),
                List.of(word0, word1));
    }

    /** PASID 0 is that of requests without (DTE.GIoV). */
    private static int pasid(@Nullable EventCode code, long word0) {
        if (code == null) {
            return Pasid.NONE;
        }
        int pasid = switch (code) {
            case INVALID_PPR_REQUEST -> (int) EventLogEntry.PPR_PASID.from(0, word0);
            case ILLEGAL_DEV_TABLE_ENTRY, IO_PAGE_FAULT, PAGE_TAB_HARDWARE_ERROR, INVALID_DEVICE_REQUEST ->
                GN.isSet(word0) ? (int) EventLogEntry.PASID.from(0, word0) : Bond.UNTAGGED_PASID;
            default -> Bond.UNTAGGED_PASID;
        };
        return pasid == Bond.UNTAGGED_PASID ? Pasid.NONE : pasid;
    }

    /** A read where the event does not say. */
    private static Access access(@Nullable EventCode code, long word0) {
        if (code == EventCode.INVALID_PPR_REQUEST) {
            // Its flags are those of an entry of the PPR log.
            return PprLogEntry.WR.isSet(word0)
                    ? Access.WRITE
                    : PprLogEntry.EX.isSet(word0) ? Access.EXECUTE : Access.READ;
        } else if (code == null || code == EventCode.INVALID_DEVICE_REQUEST) {
            return Access.READ;
        } else if (RW.isSet(word0)) {
            return Access.WRITE;
        }
        return code == EventCode.IO_PAGE_FAULT && GN.isSet(word0) && NX.isSet(word0) ? Access.EXECUTE : Access.READ;
    }

    private static FaultReason reason(@Nullable EventCode code, long word0) {
        if (code == null) {
            return FaultReason.OTHER;
        }
        return switch (code) {
            case IO_PAGE_FAULT -> pageFaultReason(word0);
            case ILLEGAL_DEV_TABLE_ENTRY, DEV_TAB_HARDWARE_ERROR -> FaultReason.BAD_DEVICE_ENTRY;
            case PAGE_TAB_HARDWARE_ERROR -> FaultReason.WALK_ABORT;
            case INVALID_DEVICE_REQUEST, INVALID_PPR_REQUEST -> FaultReason.FORBIDDEN_REQUEST;
            default -> FaultReason.OTHER;
        };
    }

    /**
     * A PASID without an entry, an address that is too wide and a page that is not there look alike: PR = 0. Interrupts are
     * nothing that a user's address could cause; PR = 1 without PE is a table with reserved bits or wrong levels.
     */
    private static FaultReason pageFaultReason(long word0) {
        if (I.isSet(word0)) {
            return FaultReason.FORBIDDEN_REQUEST;
        } else if (!PR.isSet(word0)) {
            return FaultReason.NOT_PRESENT;
        }
        return PE.isSet(word0) ? FaultReason.PERMISSION : FaultReason.OTHER;
    }
}
