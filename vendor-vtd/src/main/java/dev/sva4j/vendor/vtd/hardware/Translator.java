package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.spi.hardware.TranslationCache;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.HostAddress;

/**
 * From a request to a {@link Leaf} or a {@link Fault} (3.4 to 3.7): mode, context entry, PASID entry, IOTLB, walk, each
 * from its cache if possible. A hit in all of them takes no lock and allocates nothing.
 *
 * <p>The order of checks is that of table 30 read downwards; where two conditions hold at a time the manual does not say
 * which is reported. FPD of an entry hides what is found at it or later.
 *
 * <p>Each translation begins by sampling the epoch (see {@link dev.sva4j.spi.hardware}), even before it looks at the
 * control registers, which a root table pointer that is being taken may change.
 */
final class Translator {
    private final Control control;
    private final Features features;
    private final Caches caches;
    private final ContextWalk contexts;
    private final PasidWalk pasids;
    private final FirstStageWalk firstStage;
    private final SecondStageWalk secondStage;
    private final boolean speculative;

    Translator(
            Control control,
            Features features,
            Caches caches,
            ContextWalk contexts,
            PasidWalk pasids,
            FirstStageWalk firstStage,
            SecondStageWalk secondStage,
            Behaviour behaviour) {
        this.control = control;
        this.features = features;
        this.caches = caches;
        this.contexts = contexts;
        this.pasids = pasids;
        this.firstStage = firstStage;
        this.secondStage = secondStage;
        this.speculative = behaviour.speculativeFill();
    }

    /**
     * Translates an untranslated request or a translation request.
     *
     * @param pasid or {@link Pasid#NONE}
     * @param request bits of {@link Request}
     * @return a leaf that allows what the request needs, or the fault
     */
    long translate(int sid, int pasid, long address, int request) {
        long epoch = caches.epoch.get();
        Settings settings = control.settings();
        if (!settings.enabled()) {
            // There is nothing that would know what a PASID means.
            boolean passes = pasid == Pasid.NONE && !Request.has(request, Request.TRANSLATION);
            return passes && isLeafAddress(address) ? Leaf.identity(address) : Fault.SILENT;
        }
        long refusal = refusal(settings, pasid, request);
        if (refusal != 0) {
            return refusal;
        }
        ContextEntry context = contexts.find(settings, sid, epoch);
        refusal = context.fault != 0 ? context.fault : context.refusal(request, pasid);
        if (refusal != 0) {
            return Fault.under(refusal, context.fpd);
        }
        TranslationEntry entry = context.whole;
        if (entry == null) {
            entry = pasids.find(context, pasid == Pasid.NONE ? context.ridPasid : pasid, epoch);
        }
        boolean privileged = pasid == Pasid.NONE && context.ridPrivileged;
        long result = translate(entry, address, privileged ? request | Request.PRIVILEGED : request, epoch);
        return Fault.is(result) ? Fault.under(result, context.fpd || entry.fpd) : result;
    }

    /** Why the mode, or the unit, does not take a request, or 0: RTA.1 to RTA.5, SGN.10. */
    private long refusal(Settings settings, int pasid, int request) {
        boolean tagged = pasid != Pasid.NONE;
        boolean pageRequest = Request.has(request, Request.PAGE_REQUEST);
        switch (settings.mode()) {
            case INVALID -> {
                return Fault.of(FaultReason.RTA_1);
            }
            case ABORT_DMA -> {
                return Fault.of(FaultReason.RTA_4);
            }
            case LEGACY -> {
                if (pageRequest || tagged) {
                    return Fault.of(pageRequest ? FaultReason.RTA_3 : FaultReason.RTA_2);
                }
            }
            case SCALABLE -> {}
        }
        if (features.executeRefusedEarly && Request.has(request, Request.EXECUTE)) {
            return Fault.of(FaultReason.RTA_5);
        }
        // A page request with such a PASID meets the end of the directory instead (SCT.7).
        boolean tooWide = tagged && !pageRequest && !HostAddress.fits(pasid, features.pasidBits);
        return tooWide ? Fault.of(FaultReason.SGN_10) : 0;
    }

    private long translate(TranslationEntry entry, long address, int request, long epoch) {
        if (entry.fault != 0) {
            return entry.fault;
        }
        if (Request.has(request, Request.EXECUTE)) {
            return Fault.of(FaultReason.SPT_5);
        }
        if (Request.has(request, Request.PRIVILEGED) && !entry.supervisorAllowed) {
            return Fault.of(FaultReason.SPT_6);
        }
        if (entry.kind == TranslationEntry.Kind.PASS_THROUGH) {
            return passThrough(entry, address);
        }
        long leaf = find(entry, address, request, epoch);
        boolean grants = Request.has(request, Request.TRANSLATION) && !Fault.is(leaf);
        return grants ? Permissions.effective(entry, leaf, Request.has(request, Request.PRIVILEGED)) : leaf;
    }

    /** The leaf from the IOTLB or from the tables, or the fault. */
    private long find(TranslationEntry entry, long address, int request, long epoch) {
        boolean first = entry.kind == TranslationEntry.Kind.FIRST_STAGE;
        TranslationCache iotlb = first ? caches.firstStage : caches.secondStage;
        long leaf = iotlb.find(Caches.tag(entry.did, entry.pasid), address);
        if (leaf != TranslationCache.MISS && !isToBeDirtied(entry, leaf, request)) {
            long fault = Permissions.fault(entry, leaf, address, request);
            return fault != 0 ? fault : leaf;
        }
        leaf = walk(entry, address, request, epoch);
        if (speculative && !Fault.is(leaf)) {
            // Nobody asked for this page: it may become accessed, but not dirty.
            walk(entry, address ^ (1L << Leaf.shift(leaf)), 0, epoch);
        }
        return leaf;
    }

    private static boolean isToBeDirtied(TranslationEntry entry, long leaf, int request) {
        return !Leaf.DIRTY.isSet(leaf) && Permissions.dirties(entry, leaf, request);
    }

    private long walk(TranslationEntry entry, long address, int request, long epoch) {
        return entry.kind == TranslationEntry.Kind.FIRST_STAGE
                ? firstStage.walk(entry, address, request, epoch)
                : secondStage.walk(entry, address, request, epoch);
    }

    private long passThrough(TranslationEntry entry, long address) {
        if (!features.isHostAddress(address)) {
            return entry.faults.outputTooWide;
        }
        return HostAddress.isInterruptRange(address) ? entry.faults.interruptRange : Leaf.identity(address);
    }

    /** Whether a translated request may pass: a leaf that leads to its address, or the fault. */
    long admitTranslated(int sid, int pasid, long address, int request) {
        long epoch = caches.epoch.get();
        Settings settings = control.settings();
        if (!settings.enabled()) {
            return Fault.SILENT;
        }
        long refusal = refusal(settings, pasid, request);
        if (refusal != 0) {
            return refusal;
        }
        ContextEntry context = contexts.find(settings, sid, epoch);
        refusal = context.fault != 0 ? context.fault : context.refusal(request, pasid);
        if (refusal != 0) {
            return Fault.under(refusal, context.fpd);
        }
        boolean legacy = settings.mode() == Settings.Mode.LEGACY;
        if (!features.isHostAddress(address)) {
            return Fault.under(Fault.of(legacy ? FaultReason.LGN_1 : FaultReason.SGN_4), context.fpd);
        }
        if (HostAddress.isInterruptRange(address)) {
            return Fault.under(Fault.of(legacy ? FaultReason.LGN_4 : FaultReason.SGN_8), context.fpd);
        }
        return Leaf.identity(address);
    }

    /**
     * Whether a page request is queued (7.4): 0, or the fault. No page table is walked. What the IOTLB holds of the page
     * is dropped, so that the translation that software makes is found.
     */
    long admitPageRequest(int sid, int pasid, long address) {
        long epoch = caches.epoch.get();
        Settings settings = control.settings();
        if (!settings.enabled()) {
            return Fault.SILENT;
        }
        long refusal = refusal(settings, pasid, Request.PAGE_REQUEST);
        if (refusal != 0) {
            return refusal;
        }
        ContextEntry context = contexts.find(settings, sid, epoch);
        refusal = context.fault != 0 ? context.fault : context.refusal(Request.PAGE_REQUEST, pasid);
        if (refusal != 0) {
            return Fault.under(refusal, context.fpd);
        }
        TranslationEntry entry = pasids.find(context, pasid == Pasid.NONE ? context.ridPasid : pasid, epoch);
        if (entry.fault != 0) {
            return Fault.under(entry.fault, context.fpd || entry.fpd);
        }
        if (entry.kind == TranslationEntry.Kind.FIRST_STAGE) {
            caches.invalidatePasidPages(entry.did, entry.pasid, address, address, false);
        } else {
            caches.invalidateDomainPages(entry.did, address, address, false);
        }
        return 0;
    }

    /** Whether a leaf can lead to an address. Nothing is decoded beyond. */
    private static boolean isLeafAddress(long address) {
        return HostAddress.fits(address, Leaf.OUTPUT_BITS);
    }
}
