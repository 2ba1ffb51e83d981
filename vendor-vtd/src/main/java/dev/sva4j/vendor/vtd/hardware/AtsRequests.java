package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.vendor.vtd.layout.FaultReason.Completion;
import dev.sva4j.vendor.vtd.layout.HostAddress;

/**
 * ATS translation requests (chapter 4). A request that may be met by a page request later succeeds without rights and
 * leaves no record; one that asks for writing too gets what there is.
 */
final class AtsRequests {
    /** log2 of the smallest translation unit. */
    private static final int STU = 12;

    private final InFlightSections sections;
    private final Features features;
    private final Translator translator;
    private final FaultRecords faults;

    AtsRequests(InFlightSections sections, Features features, Translator translator, FaultRecords faults) {
        this.sections = sections;
        this.features = features;
        this.translator = translator;
        this.faults = faults;
    }

    /**
     * Answers a translation request.
     *
     * <p>It completes inside the section: a device-TLB invalidation is sent only when the answers that are made of what
     * was invalidated before are at the function, so that it removes them.
     */
    void serve(Transaction request) {
        int section = sections.enter();
        try {
            request.complete(answer(request));
        } finally {
            sections.exit(section);
        }
    }

    private CompletionStatus answer(Transaction transaction) {
        int pasid = transaction.pasid();
        long address = transaction.address();
        int request = request(transaction);
        if (pasid == Pasid.NONE && HostAddress.isInterruptRange(address)) {
            // The architecture grants an untranslated write, which a translation of the spi cannot express.
            transaction.setTranslation(0, STU, Rights.NONE);
            return CompletionStatus.SUCCESS;
        }
        long result = translator.translate(transaction.requester(), pasid, address, request);
        if (!Fault.is(result)) {
            grant(transaction, result, request);
            return CompletionStatus.SUCCESS;
        }
        if (Fault.code(result) == Fault.NO_REASON) {
            return CompletionStatus.UNSUPPORTED_REQUEST;
        }
        if (Fault.reason(result).isRecordedForTranslationRequest()) {
            faults.record(result, transaction.requester(), pasid, address, request);
        }
        Completion completion = Fault.reason(result).onTranslationRequest();
        if (completion == Completion.CA) {
            return CompletionStatus.COMPLETER_ABORT;
        }
        if (completion == Completion.UR) {
            return CompletionStatus.UNSUPPORTED_REQUEST;
        }
        transaction.setTranslation(0, STU, Rights.NONE);
        return CompletionStatus.SUCCESS;
    }

    /** Without ECAP.NWFS the no-write flag of a request is not looked at. */
    private int request(Transaction transaction) {
        int request = Request.ofTranslation(transaction);
        return features.noWriteFlag ? request : request | Request.WRITE_IF_ALLOWED;
    }

    /** Grants what the translation found; writing only if the leaf has been marked dirty for it. */
    private static void grant(Transaction transaction, long leaf, int request) {
        int rights = Leaf.READABLE.isSet(leaf) ? Rights.READ : Rights.NONE;
        if (Request.has(request, Request.WRITE_IF_ALLOWED) && Leaf.WRITABLE.isSet(leaf)) {
            rights |= Rights.WRITE;
        }
        if (rights == Rights.NONE) {
            transaction.setTranslation(0, Leaf.shift(leaf), Rights.NONE);
        } else {
            boolean privileged = Request.has(request, Request.PRIVILEGED);
            transaction.setTranslation(Leaf.base(leaf), Leaf.shift(leaf), privileged ? rights : rights | Rights.USER);
        }
    }
}
