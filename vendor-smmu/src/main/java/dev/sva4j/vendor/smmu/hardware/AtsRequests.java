package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.vendor.smmu.layout.EventId;

/** PCIe ATS (§3.9): translation requests, and the admission of translated transactions. */
final class AtsRequests {
    /** log2 of the smallest translation unit. */
    private static final int STU = 12;

    private final Control control;
    private final InFlightSections sections;
    private final Translator translator;
    private final EventQueue events;

    AtsRequests(Control control, InFlightSections sections, Translator translator, EventQueue events) {
        this.control = control;
        this.sections = sections;
        this.translator = translator;
        this.events = events;
    }

    /**
     * Answers a translation request.
     *
     * <p>It completes inside the section: a CMD_SYNC must find the answer at the function already, so that the ATC
     * invalidation which software sends next removes it.
     */
    void serve(Transaction request) {
        int section = sections.enter();
        try {
            request.complete(answer(request));
        } finally {
            sections.exit(section);
        }
    }

    private CompletionStatus answer(Transaction request) {
        Settings settings = control.settings();
        if (!settings.enabled()) {
            return refuse(request);
        }
        StreamConfig stream = translator.stream(settings, request.requester());
        return switch (stream.kind) {
            case FAULTY -> CompletionStatus.COMPLETER_ABORT;
            case ABORT -> CompletionStatus.UNSUPPORTED_REQUEST;
            case BYPASS -> refuse(request);
            case STAGE1 -> stream.ats ? translate(settings, request) : refuse(request);
        };
    }

    private CompletionStatus translate(Settings settings, Transaction request) {
        long result = translator.translateForAts(settings, request.requester(), request.pasid(), request.address());
        if (!Fault.is(result)) {
            grant(request, result);
            return CompletionStatus.SUCCESS;
        }
        if (Fault.is(result, EventId.F_TRANSLATION)
                || Fault.is(result, EventId.F_ADDR_SIZE)
                || Fault.is(result, EventId.F_ACCESS)) {
            // No translation now; a page request may help. A, R and S of the CD do not matter.
            request.setTranslation(0, STU, Rights.NONE);
            return CompletionStatus.SUCCESS;
        }
        return CompletionStatus.COMPLETER_ABORT;
    }

    /** Answers Unsupported Request and says so to software: the function should not ask at all. */
    private CompletionStatus refuse(Transaction request) {
        boolean tagged = request.pasid() != Pasid.NONE;
        events.record(EventRecords.badTranslationRequest(
                request, tagged && isPrivileged(request), tagged && wantsExecute(request)));
        return CompletionStatus.UNSUPPORTED_REQUEST;
    }

    /**
     * Grants what the leaf allows to the privilege of the request; execution only if asked for, and only with reading.
     */
    private static void grant(Transaction request, long leaf) {
        boolean tagged = request.pasid() != Pasid.NONE;
        boolean privileged = tagged && isPrivileged(request);
        int allowed = Leaf.rights(leaf);
        int rights = Rights.NONE;
        if (has(allowed, privileged ? Permissions.PRIVILEGED_READ : Permissions.UNPRIVILEGED_READ)) {
            rights |= Rights.READ;
            if (tagged
                    && wantsExecute(request)
                    && has(allowed, privileged ? Permissions.PRIVILEGED_EXECUTE : Permissions.UNPRIVILEGED_EXECUTE)) {
                rights |= Rights.EXECUTE;
            }
        }
        if (has(allowed, privileged ? Permissions.PRIVILEGED_WRITE : Permissions.UNPRIVILEGED_WRITE)) {
            rights |= Rights.WRITE;
        }
        if (rights == Rights.NONE) {
            request.setTranslation(0, Leaf.shift(leaf), Rights.NONE);
        } else {
            request.setTranslation(Leaf.base(leaf), Leaf.shift(leaf), privileged ? rights : rights | Rights.USER);
        }
    }

    private static boolean has(int allowed, int right) {
        return (allowed & right) != 0;
    }

    private static boolean isPrivileged(Transaction request) {
        return (request.flags() & Transaction.PRIVILEGED) != 0;
    }

    private static boolean wantsExecute(Transaction request) {
        return (request.flags() & Transaction.EXECUTE_REQUESTED) != 0;
    }

    /**
     * Whether a translated transaction may pass: a leaf that leads to its address, or the fault (§3.9.1, CR0.ATSCHK).
     */
    long admitTranslated(Settings settings, int sid, long address) {
        if (!settings.enabled()) {
            return Fault.of(EventId.F_TRANSL_FORBIDDEN);
        }
        if (settings.checkTranslated()) {
            StreamConfig stream = translator.stream(settings, sid);
            if (stream.kind == StreamConfig.Kind.FAULTY || stream.kind == StreamConfig.Kind.ABORT) {
                return Fault.SILENT_ABORT;
            }
            if (!stream.ats) {
                return Fault.of(EventId.F_TRANSL_FORBIDDEN);
            }
        }
        return translator.isOutput(address) ? Leaf.identity(address) : Fault.SILENT_ABORT;
    }
}
