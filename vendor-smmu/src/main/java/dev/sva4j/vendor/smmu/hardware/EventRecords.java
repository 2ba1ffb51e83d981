package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.EventRecord.CLASS;
import static dev.sva4j.vendor.smmu.layout.EventRecord.CLASS_IN;
import static dev.sva4j.vendor.smmu.layout.EventRecord.CLASS_TT;
import static dev.sva4j.vendor.smmu.layout.EventRecord.FETCH_ADDR;
import static dev.sva4j.vendor.smmu.layout.EventRecord.IND;
import static dev.sva4j.vendor.smmu.layout.EventRecord.INPUT_ADDR;
import static dev.sva4j.vendor.smmu.layout.EventRecord.INPUT_PAGE;
import static dev.sva4j.vendor.smmu.layout.EventRecord.PNU;
import static dev.sva4j.vendor.smmu.layout.EventRecord.RNW;
import static dev.sva4j.vendor.smmu.layout.EventRecord.STAG;
import static dev.sva4j.vendor.smmu.layout.EventRecord.STALL;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_P;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_R;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_SPAN;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_W;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_X;
import static dev.sva4j.vendor.smmu.layout.EventRecord.WORDS;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.vendor.smmu.layout.EventId;

/** Event records as they go into the queue (§7.3). What a field of an event says is UNKNOWN is written as 0. */
final class EventRecords {
    private static final EventId[] BY_NUMBER = byNumber();

    private EventRecords() {}

    private static EventId[] byNumber() {
        EventId[] table = new EventId[Fault.NO_EVENT];
        for (EventId id : EventId.values()) {
            table[id.number()] = id;
        }
        return table;
    }

    /**
     * The record of a fault of an access.
     *
     * @param fault not {@link Fault#NO_EVENT}
     * @param need what the access needs: bits of {@link Permissions}
     */
    static long[] of(long fault, int sid, int ssid, long address, int need) {
        EventId id = BY_NUMBER[Fault.number(fault)];
        long[] record = start(id, sid, ssid);
        switch (id) {
            case F_STE_FETCH, F_CD_FETCH ->
                record[FETCH_ADDR.word()] = FETCH_ADDR.encodeAddress(Fault.fetchAddress(fault));
            case F_TRANSLATION, F_ADDR_SIZE, F_ACCESS, F_PERMISSION -> {
                putAccess(record, address, need);
                record[CLASS.word()] = CLASS.put(record[CLASS.word()], CLASS_IN);
            }
            case F_WALK_EABT -> {
                putAccess(record, address, need);
                record[CLASS.word()] = CLASS.put(record[CLASS.word()], CLASS_TT);
                record[FETCH_ADDR.word()] = FETCH_ADDR.encodeAddress(Fault.fetchAddress(fault));
            }
            case F_UUT -> putAccess(record, address, need);
            case F_TRANSL_FORBIDDEN -> {
                record[RNW.word()] = RNW.encode(Permissions.isRead(need));
                record[INPUT_ADDR.word()] = address;
            }
            default -> {}
        }
        return record;
    }

    /** The record of a fault made that of a stalled transaction. */
    static long[] stalled(long[] record, int stag) {
        record[STALL.word()] = STALL.put(STAG.put(record[STALL.word()], stag), true);
        return record;
    }

    /** F_BAD_ATS_TREQ of a translation request for one page. */
    static long[] badTranslationRequest(Transaction request, boolean privileged, boolean execute) {
        long[] record = start(EventId.F_BAD_ATS_TREQ, request.requester(), request.pasid());
        record[TREQ_SPAN.word()] = TREQ_SPAN.encode(1)
                | TREQ_P.encode(privileged)
                | TREQ_X.encode(execute)
                | TREQ_W.encode((request.flags() & Transaction.NO_WRITE) == 0)
                | TREQ_R.encode(true);
        record[INPUT_PAGE.word()] = INPUT_PAGE.getAddress(request.address());
        return record;
    }

    private static long[] start(EventId id, int sid, int ssid) {
        long[] record = new long[WORDS];
        boolean ssv = ssid != Pasid.NONE;
        record[0] = id.word0(ssv, ssv ? ssid : 0, Integer.toUnsignedLong(sid));
        return record;
    }

    private static void putAccess(long[] record, long address, int need) {
        record[PNU.word()] = PNU.encode(Permissions.isPrivileged(need))
                | IND.encode(Permissions.isInstruction(need))
                | RNW.encode(Permissions.isRead(need));
        record[INPUT_ADDR.word()] = address;
    }
}
