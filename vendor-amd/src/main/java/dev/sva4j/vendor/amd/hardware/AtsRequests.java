package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.vendor.amd.layout.SpecialAddress;

/**
 * ATS translation requests (AMD-Vi 2.1.3.2). One that may be met by a page request later succeeds without rights and
 * leaves no event; one that asks for writing too gets what there is.
 */
final class AtsRequests {
    /** log2 of the smallest translation. */
    private static final int STU = 12;

    private final InFlightSections sections;
    private final Translator translator;

    AtsRequests(InFlightSections sections, Translator translator) {
        this.sections = sections;
        this.translator = translator;
    }

    /**
     * Answers a translation request.
     *
     * <p>It completes inside the section: a device-TLB invalidation is sent only when the answers that are made of what
     * was invalidated before are at the device, so that it removes them.
     */
    void serve(Transaction request) {
        int section = sections.enter();
        try {
            request.complete(answer(request));
        } finally {
            sections.exit(section);
        }
    }

    /** Which error of PCIe it is, no source says: one for what is not allowed, the other for what is broken. */
    private CompletionStatus answer(Transaction transaction) {
        long address = transaction.address();
        if (SpecialAddress.isInterrupt(address)) {
            // Interrupts are sent untranslated, which a translation of the spi cannot express.
            transaction.setTranslation(0, STU, Rights.NONE);
            return CompletionStatus.SUCCESS;
        }
        int request = Request.ofTranslation(transaction);
        long result = translator.translate(transaction.requester(), transaction.pasid(), address, request);
        if (!Fault.is(result)) {
            grant(transaction, result, request);
            return CompletionStatus.SUCCESS;
        }
        if (Fault.isPageFault(result)) {
            transaction.setTranslation(0, STU, Rights.NONE);
            return CompletionStatus.SUCCESS;
        }
        return result == Fault.SILENT || Fault.isInvalidRequest(result)
                ? CompletionStatus.UNSUPPORTED_REQUEST
                : CompletionStatus.COMPLETER_ABORT;
    }

    /** Grants what the translation found; writing only if the leaf has been marked dirty for it. */
    private static void grant(Transaction transaction, long leaf, int request) {
        int rights = Leaf.READABLE.isSet(leaf) ? Rights.READ : Rights.NONE;
        if (Request.has(request, Request.WRITE_IF_ALLOWED) && Leaf.WRITABLE.isSet(leaf)) {
            rights |= Rights.WRITE;
        }
        if (rights == Rights.NONE) {
            transaction.setTranslation(0, Leaf.shift(leaf), Rights.NONE);
            return;
        }
        if (Request.has(request, Request.EXECUTE) && Leaf.EXECUTABLE.isSet(leaf)) {
            rights |= Rights.EXECUTE;
        }
        boolean privileged = transaction.pasid() != Pasid.NONE && Request.has(request, Request.PRIVILEGED);
        transaction.setTranslation(Leaf.base(leaf), Leaf.shift(leaf), privileged ? rights : rights | Rights.USER);
    }
}
