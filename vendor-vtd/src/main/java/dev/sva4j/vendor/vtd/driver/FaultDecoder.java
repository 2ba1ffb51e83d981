package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Pasid;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.FaultRecord;
import dev.sva4j.vendor.vtd.layout.RequestType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fault records in the words of core (VT-d 7.1.3, 11.4). */
final class FaultDecoder {
    private FaultDecoder() {}

    static dev.sva4j.api.FaultRecord fault(String unit, long word0, long word1) {
        FaultReason code = FaultReason.of(word1);
        return new dev.sva4j.api.FaultRecord(
                unit,
                (int) FaultRecord.SID.get(word1),
                FaultRecord.PP.isSet(word1) ? (int) FaultRecord.PV.get(word1) : Pasid.NONE,
                FaultRecord.FI.getAddress(word0),
                access(word1),
                code == null ? dev.sva4j.api.FaultReason.OTHER : reason(code),
                name(code, word1),
                List.of(word0, word1));
    }

    /** A read where the record does not say: what a page request asked for is not in it. */
    private static Access access(long word1) {
        return switch (RequestType.of(word1)) {
            case WRITE, ATOMIC_OP -> Access.WRITE;
            case PAGE_REQUEST -> Access.READ;
            // EXE counts with a PASID only.
            case READ -> FaultRecord.PP.isSet(word1) && FaultRecord.EXE.isSet(word1) ? Access.EXECUTE : Access.READ;
        };
    }

    private static String name(@Nullable FaultReason code, long word1) {
        return code == null ? String.format("fault 0x%02x", FaultRecord.FR.get(word1)) : code.label();
    }

    /** By the tables of the manual: root and context entries are the device's, directory and PASID entries the PASID's. */
    private static dev.sva4j.api.FaultReason reason(FaultReason code) {
        return switch (code) {
            case LRT_1,
                    LRT_2,
                    LRT_3,
                    LCT_1,
                    LCT_2,
                    LCT_3,
                    LCT_4,
                    RTA_1,
                    SRT_1,
                    SRT_2,
                    SRT_3,
                    SCT_1,
                    SCT_2,
                    SCT_3,
                    SCT_4 -> dev.sva4j.api.FaultReason.BAD_DEVICE_ENTRY;
            case SCT_7, SCT_9, SPD_1, SPD_2, SPD_3, SPT_1, SPT_2, SPT_3, SPT_4, SGN_10 ->
                dev.sva4j.api.FaultReason.BAD_PASID_ENTRY;
            case LCT_5, RTA_2, RTA_3, RTA_4, RTA_5, SCT_5, SCT_6, SCT_8, SCT_10, SPT_5 ->
                dev.sva4j.api.FaultReason.FORBIDDEN_REQUEST;
            case SFS_2, SSS_2 -> dev.sva4j.api.FaultReason.NOT_PRESENT;
            case LGN_2, LGN_3, SPT_6, SGN_2, SGN_6, SGN_7 -> dev.sva4j.api.FaultReason.PERMISSION;
            case SFS_9, SFS_10, SSS_5, SSS_6 -> dev.sva4j.api.FaultReason.ACCESS_FLAG;
            case LGN_1, SFS_5, SGN_1, SGN_4, SGN_5 -> dev.sva4j.api.FaultReason.ADDRESS_SIZE;
            case LSS_1, SFS_1, SFS_4, SFS_6, SFS_7, SFS_8, SSS_1, SSS_4 -> dev.sva4j.api.FaultReason.WALK_ABORT;
            case LSS_2, LGN_4, SFS_3, SSS_3, SGN_8 -> dev.sva4j.api.FaultReason.OTHER;
        };
    }
}
