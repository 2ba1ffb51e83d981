package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.DTE;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.EPTR;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.FPD;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.LAYOUT;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.P;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.PASIDDIRPTR;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.PASIDE;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.PDTS;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.PRE;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.RID_PASID;
import static dev.sva4j.vendor.vtd.layout.ScalableContextEntry.RID_PRIV;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.LegacyContextEntry;
import dev.sva4j.vendor.vtd.layout.PasidTable;
import org.jspecify.annotations.Nullable;

/** A context entry as the translation uses it (9.3, 9.4), or why there is none. Immutable. */
final class ContextEntry {
    final int sid;

    /** The fault of every request of the function, or 0. */
    final long fault;

    final boolean fpd;

    /** PASIDDIRPTR. */
    final long directory;

    /** PASID of requests without PASID. */
    final int ridPasid;

    /** Requests without PASID are privileged. */
    final boolean ridPrivileged;

    /** Legacy mode: how everything of the function is translated. */
    final @Nullable TranslationEntry whole;

    private final boolean translationAllowed;
    private final boolean pasidsAllowed;
    private final boolean pageRequestsAllowed;
    private final int largestPasid;

    private ContextEntry(int sid, long fault, boolean fpd, long word0, long word1) {
        this.sid = sid;
        this.fault = fault;
        this.fpd = fpd;
        this.whole = null;
        this.directory = PASIDDIRPTR.getAddress(word0);
        this.ridPasid = (int) RID_PASID.get(word1);
        this.ridPrivileged = RID_PRIV.isSet(word1);
        this.translationAllowed = DTE.isSet(word0);
        this.pasidsAllowed = PASIDE.isSet(word0);
        this.pageRequestsAllowed = PRE.isSet(word0);
        this.largestPasid = PasidTable.largestPasid(PDTS.get(word0));
    }

    private ContextEntry(int sid, TranslationEntry whole, boolean translationAllowed) {
        this.sid = sid;
        this.fault = 0;
        this.fpd = whole.fpd;
        this.whole = whole;
        this.directory = 0;
        this.ridPasid = 0;
        this.ridPrivileged = false;
        this.translationAllowed = translationAllowed;
        this.pasidsAllowed = false;
        this.pageRequestsAllowed = false;
        this.largestPasid = 0;
    }

    /** A function without a usable entry. */
    static ContextEntry faulty(int sid, FaultReason reason, boolean fpd) {
        return new ContextEntry(sid, Fault.of(reason), fpd, 0, 0);
    }

    /** Takes a scalable entry apart and checks it. */
    static ContextEntry decodeScalable(int sid, long[] words, Features features) {
        long word0 = words[0];
        boolean fpd = FPD.isSet(word0);
        if (!P.isSet(word0)) {
            return faulty(sid, FaultReason.SCT_2, fpd);
        }
        if (hasReserved(words, features)) {
            return faulty(sid, FaultReason.SCT_3, fpd);
        }
        boolean ridBeyond = RID_PASID.get(words[1]) > PasidTable.largestPasid(PDTS.get(word0));
        // EPTR is not implemented, so it cannot contradict PASIDE.
        if ((PRE.isSet(word0) && !DTE.isSet(word0)) || ridBeyond) {
            return faulty(sid, FaultReason.SCT_4, fpd);
        }
        return new ContextEntry(sid, 0, fpd, word0, words[1]);
    }

    private static boolean hasReserved(long[] words, Features features) {
        long word0 = words[0];
        return LAYOUT.hasReservedBitsSet(words)
                || (!features.deviceTlbs && DTE.isSet(word0))
                || (!features.pasids && PASIDE.isSet(word0))
                || (!features.pageRequests && PRE.isSet(word0))
                || EPTR.isSet(word0)
                || (!features.ridPasid && RID_PASID.isSet(words[1]))
                || (!features.ridPrivilege && RID_PRIV.isSet(words[1]))
                || !features.isHostAddress(PASIDDIRPTR.getAddress(word0));
    }

    /** Takes a legacy entry apart and checks it. */
    static ContextEntry decodeLegacy(int sid, long[] words, Features features) {
        long word0 = words[0];
        boolean fpd = LegacyContextEntry.FPD.isSet(word0);
        if (!LegacyContextEntry.P.isSet(word0)) {
            return faulty(sid, FaultReason.LCT_2, fpd);
        }
        int type = (int) LegacyContextEntry.TT.get(word0);
        boolean passThrough = type == LegacyContextEntry.TT_PASS_THROUGH;
        long table = LegacyContextEntry.SSPTPTR.getAddress(word0);
        if (LegacyContextEntry.LAYOUT.hasReservedBitsSet(words) || (!passThrough && !features.isHostAddress(table))) {
            return faulty(sid, FaultReason.LCT_3, fpd);
        }
        long aw = LegacyContextEntry.AW.get(words[1]);
        boolean known = switch (type) {
            case LegacyContextEntry.TT_UNTRANSLATED_ONLY -> true;
            case LegacyContextEntry.TT_ALL -> features.deviceTlbs;
            case LegacyContextEntry.TT_PASS_THROUGH -> features.passThrough;
            default -> false;
        };
        if (!known || !features.supportsWidth(aw)) {
            return faulty(sid, FaultReason.LCT_4, fpd);
        }
        TranslationEntry.Kind kind =
                passThrough ? TranslationEntry.Kind.PASS_THROUGH : TranslationEntry.Kind.SECOND_STAGE;
        int did = (int) LegacyContextEntry.DID.get(words[1]);
        TranslationEntry whole = TranslationEntry.legacy(kind, fpd, did, table, aw, features);
        return new ContextEntry(sid, whole, type == LegacyContextEntry.TT_ALL);
    }

    /** Why the entry does not let a request pass, or 0: SCT.5 to SCT.10, LCT.5. */
    long refusal(int request, int pasid) {
        boolean translation = Request.has(request, Request.TRANSLATION);
        boolean translated = Request.has(request, Request.TRANSLATED);
        if ((translation || translated) && !translationAllowed) {
            return Fault.of(whole != null ? FaultReason.LCT_5 : FaultReason.SCT_5);
        }
        if (Request.has(request, Request.PAGE_REQUEST) && !pageRequestsAllowed) {
            return Fault.of(FaultReason.SCT_8);
        }
        if (pasid == Pasid.NONE) {
            return 0;
        }
        if (translated) {
            // Without ECAP.PTRS, EPTR is 0.
            return Fault.of(FaultReason.SCT_10);
        }
        if (!pasidsAllowed) {
            return Fault.of(FaultReason.SCT_6);
        }
        if (pasid > largestPasid) {
            return Fault.of(FaultReason.SCT_7);
        }
        return pasid == ridPasid ? Fault.of(FaultReason.SCT_9) : 0;
    }

    /** DID in legacy mode. */
    int did() {
        return whole == null ? 0 : whole.did;
    }
}
