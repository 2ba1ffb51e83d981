package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.vendor.smmu.layout.EventRecord.CLASS;
import static dev.sva4j.vendor.smmu.layout.EventRecord.CONFLICT_REASON;
import static dev.sva4j.vendor.smmu.layout.EventRecord.EVENT_NUMBER;
import static dev.sva4j.vendor.smmu.layout.EventRecord.FETCH_ADDR;
import static dev.sva4j.vendor.smmu.layout.EventRecord.HINT_SPAN;
import static dev.sva4j.vendor.smmu.layout.EventRecord.IND;
import static dev.sva4j.vendor.smmu.layout.EventRecord.INPUT_ADDR;
import static dev.sva4j.vendor.smmu.layout.EventRecord.INPUT_PAGE;
import static dev.sva4j.vendor.smmu.layout.EventRecord.IPA;
import static dev.sva4j.vendor.smmu.layout.EventRecord.NSIPA;
import static dev.sva4j.vendor.smmu.layout.EventRecord.PNU;
import static dev.sva4j.vendor.smmu.layout.EventRecord.PR;
import static dev.sva4j.vendor.smmu.layout.EventRecord.PW;
import static dev.sva4j.vendor.smmu.layout.EventRecord.PX;
import static dev.sva4j.vendor.smmu.layout.EventRecord.REASON;
import static dev.sva4j.vendor.smmu.layout.EventRecord.RNW;
import static dev.sva4j.vendor.smmu.layout.EventRecord.S2;
import static dev.sva4j.vendor.smmu.layout.EventRecord.SSV;
import static dev.sva4j.vendor.smmu.layout.EventRecord.STAG;
import static dev.sva4j.vendor.smmu.layout.EventRecord.STALL;
import static dev.sva4j.vendor.smmu.layout.EventRecord.STREAMID;
import static dev.sva4j.vendor.smmu.layout.EventRecord.SUBSTREAMID;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_P;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_R;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_SPAN;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_W;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TREQ_X;
import static dev.sva4j.vendor.smmu.layout.EventRecord.TTRNW;
import static dev.sva4j.vendor.smmu.layout.EventRecord.UR;
import static dev.sva4j.vendor.smmu.layout.EventRecord.UW;
import static dev.sva4j.vendor.smmu.layout.EventRecord.UX;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events and the fields of each (IHI 0070 §7.3.2 to §7.3.20).
 *
 * <p>EventNumber and StreamID are in all of them. Not all have a SubstreamID: F_STREAM_DISABLED and F_TRANSL_FORBIDDEN have
 * none, C_BAD_SUBSTREAMID has one without the bit that says so.
 */
public enum EventId {
    F_UUT(0x01, SSV, SUBSTREAMID, REASON, PNU, IND, RNW, INPUT_ADDR),
    C_BAD_STREAMID(0x02, SSV, SUBSTREAMID),
    F_STE_FETCH(0x03, SSV, SUBSTREAMID, FETCH_ADDR),
    C_BAD_STE(0x04, SSV, SUBSTREAMID),
    F_BAD_ATS_TREQ(0x05, SSV, SUBSTREAMID, TREQ_SPAN, TREQ_P, TREQ_X, TREQ_W, TREQ_R, INPUT_PAGE),
    F_STREAM_DISABLED(0x06),
    F_TRANSL_FORBIDDEN(0x07, RNW, INPUT_ADDR),
    C_BAD_SUBSTREAMID(0x08, SUBSTREAMID),
    F_CD_FETCH(0x09, SSV, SUBSTREAMID, FETCH_ADDR),
    C_BAD_CD(0x0A, SSV, SUBSTREAMID),
    F_WALK_EABT(0x0B, SSV, SUBSTREAMID, REASON, PNU, IND, RNW, S2, CLASS, INPUT_ADDR, FETCH_ADDR),
    F_TRANSLATION(0x10, SSV, SUBSTREAMID, STAG, STALL, PNU, IND, RNW, NSIPA, S2, CLASS, INPUT_ADDR, IPA),
    F_ADDR_SIZE(0x11, SSV, SUBSTREAMID, STAG, STALL, PNU, IND, RNW, NSIPA, S2, CLASS, INPUT_ADDR, IPA),
    F_ACCESS(0x12, SSV, SUBSTREAMID, STAG, STALL, PNU, IND, RNW, NSIPA, S2, CLASS, INPUT_ADDR, IPA),
    /** The v3.4 flags in q1[46:42] are left out: their order is unverified, and they are 0 without S1PI, S2PI and S2PO. */
    F_PERMISSION(0x13, SSV, SUBSTREAMID, STAG, STALL, PNU, IND, RNW, NSIPA, S2, CLASS, TTRNW, INPUT_ADDR, IPA),
    /** The sheet's row names no SubstreamID; it is kept because the common part of a record has one. */
    F_TLB_CONFLICT(0x20, SSV, SUBSTREAMID, CONFLICT_REASON, PNU, IND, RNW, S2, INPUT_ADDR, IPA),
    F_CFG_CONFLICT(0x21, SSV, SUBSTREAMID, CONFLICT_REASON),
    E_PAGE_REQUEST(0x24, SSV, SUBSTREAMID, UX, UW, UR, PX, PW, PR, HINT_SPAN, INPUT_PAGE),
    /** MPAM only. The SubstreamID is kept for the reason given at F_TLB_CONFLICT. */
    F_VMS_FETCH(0x25, SSV, SUBSTREAMID, FETCH_ADDR);

    private static final Map<Integer, EventId> BY_NUMBER =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventId::number, Function.identity()));

    private final int number;

    // A StructLayout is immutable, but only an annotation that the api does not depend on could tell the checker.
    @SuppressWarnings("ImmutableEnumChecker")
    private final StructLayout layout;

    private final boolean hasSsv;
    private final boolean hasSubstreamId;
    private final boolean isTranslationFault;

    EventId(int number, BitField... fields) {
        this.number = number;
        this.layout = StructLayout.builder(name(), EventRecord.WORDS, "IHI 0070 §7.3")
                .include(EVENT_NUMBER, STREAMID)
                .include(fields)
                .inBitOrder()
                .build();
        this.hasSsv = layout.has(SSV);
        this.hasSubstreamId = layout.has(SUBSTREAMID);
        this.isTranslationFault = layout.has(STALL);
    }

    /** The event that this first word starts, or null for an unknown number. */
    public static @Nullable EventId of(long word0) {
        return BY_NUMBER.get((int) EVENT_NUMBER.get(word0));
    }

    /** The event number. */
    public int number() {
        return number;
    }

    /** The fields of the record. */
    public StructLayout layout() {
        return layout;
    }

    /** Whether the event is one of the four that the fault configuration of a CD or STE can stall or suppress. */
    public boolean isTranslationFault() {
        return isTranslationFault;
    }

    /**
     * The first word of a record. What the event has no field for is left out.
     *
     * @param ssv whether the transaction had a SubstreamID; {@code ssid} counts only if it had
     */
    public long word0(boolean ssv, int ssid, long sid) {
        return EVENT_NUMBER.encode(number)
                | (hasSsv ? SSV.encode(ssv) : 0)
                | (hasSubstreamId && ssv ? SUBSTREAMID.encode(ssid) : 0)
                | STREAMID.encode(sid);
    }
}
