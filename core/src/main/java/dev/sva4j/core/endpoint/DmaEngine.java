package dev.sva4j.core.endpoint;

import dev.sva4j.api.Access;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.pagetable.Rights;
import org.jspecify.annotations.Nullable;

/**
 * Carries out DMA operations one after the other. Without ATS a request goes out untranslated as a whole. With ATS each
 * page is translated by the ATC, by a translation request on a miss, by a page request when the translation lacks a
 * right; then the access goes out translated.
 *
 * <p>Confined to the thread that runs the operation. Allocates nothing on an ATC hit.
 */
final class DmaEngine {
    private static final long PAGE = 4096;

    // A page that was granted may be taken away again before the device comes back for it. Only somebody who keeps
    // unmapping it can do so this often; a bound keeps the device from trying for ever (I29 speaks of devices that meet
    // no concurrent unmapping).
    private static final int MAX_RETRIES = 1000;

    private final DeviceEndpoint endpoint;
    private final PendingTransaction transaction;

    private final Tally attempted = new Tally();
    private final Tally completed = new Tally();
    private final Tally aborted = new Tally();
    private final Tally atcHits = new Tally();

    DmaEngine(DeviceEndpoint endpoint) {
        this.endpoint = endpoint;
        this.transaction = new PendingTransaction(endpoint.completionQueue());
    }

    long attempted() {
        return attempted.value();
    }

    long completed() {
        return completed.value();
    }

    long aborted() {
        return aborted.value();
    }

    long atcHits() {
        return atcHits.value();
    }

    /** Old value that the last atomic operation saw. */
    long result() {
        return transaction.result();
    }

    DmaStatus transfer(Operation operation, int pasid, long address, byte[] data, int offset, int length) {
        attempted.increment();
        DmaStatus status = endpoint.usesAts()
                ? transferByPages(operation, pasid, address, data, offset, length)
                : submitUntranslated(operation, pasid, address, data, offset, length);
        return counted(status);
    }

    private DmaStatus counted(DmaStatus status) {
        (status == DmaStatus.OK ? completed : aborted).increment();
        return status;
    }

    DmaStatus atomic(Operation operation, int pasid, long address, long operand, long comparand) {
        attempted.increment();
        DmaStatus status;
        if (endpoint.usesAts()) {
            status = translated(operation, pasid, address, null, 0, Long.BYTES, operand, comparand);
        } else {
            status = submitUntranslated(operation, pasid, address, operand, comparand);
        }
        return counted(status);
    }

    private DmaStatus submitUntranslated(
            Operation operation, int pasid, long address, byte[] data, int offset, int length) {
        transaction.memory(
                endpoint.requester(), pasid, AddressType.UNTRANSLATED, operation, address, data, offset, length, 0);
        return submitUnlessCutOff();
    }

    private DmaStatus submitUntranslated(Operation operation, int pasid, long address, long operand, long comparand) {
        transaction.atomic(
                endpoint.requester(), pasid, AddressType.UNTRANSLATED, operation, address, operand, comparand, 0);
        return submitUnlessCutOff();
    }

    // The section spans the look at the switch and the hand-over, so that nothing is handed over any more once fencing
    // is over. It does not
    // span the completion, because the transaction may stall.
    private DmaStatus submitUnlessCutOff() {
        int section = endpoint.sections().enter();
        try {
            if (endpoint.isCutOff()) {
                return DmaStatus.FENCED;
            }
            transaction.arm();
            endpoint.port().submit(transaction);
        } finally {
            endpoint.sections().exit(section);
        }
        return statusOf(transaction.awaitCompletion());
    }

    private DmaStatus submit() {
        transaction.arm();
        endpoint.port().submit(transaction);
        return statusOf(transaction.awaitCompletion());
    }

    private static DmaStatus statusOf(CompletionStatus status) {
        return switch (status) {
            case SUCCESS -> DmaStatus.OK;
            case UNSUPPORTED_REQUEST -> DmaStatus.UNSUPPORTED_REQUEST;
            case COMPLETER_ABORT -> DmaStatus.ABORTED;
        };
    }

    private DmaStatus transferByPages(
            Operation operation, int pasid, long address, byte[] data, int offset, int length) {
        int done = 0;
        while (done < length) {
            long at = address + done;
            int chunk = (int) Math.min(length - done, PAGE - (at & (PAGE - 1)));
            DmaStatus status = translated(operation, pasid, at, data, offset + done, chunk, 0, 0);
            if (status != DmaStatus.OK) {
                return status;
            }
            done += chunk;
        }
        return DmaStatus.OK;
    }

    private DmaStatus translated(
            Operation operation,
            int pasid,
            long address,
            byte @Nullable [] data,
            int offset,
            int length,
            long operand,
            long comparand) {
        int needed = rightsFor(operation);
        for (int attempt = 0; attempt < MAX_RETRIES; attempt++) {
            // The section spans look-up and access, so an ATC invalidation is confirmed only when no access uses what
            // it removed.
            int section = endpoint.sections().enter();
            try {
                if (endpoint.isCutOff()) {
                    return DmaStatus.FENCED;
                }
                if (!endpoint.usesAts()) {
                    // Turned off in the middle of the operation: nothing is cached any more, so there would be no end
                    // of asking.
                    return DmaStatus.UNSUPPORTED_REQUEST;
                }
                DeviceTlb.Entry entry = endpoint.tlb().find(pasid, address);
                if (entry != null && (entry.rights() & needed) == needed) {
                    atcHits.increment();
                    endpoint.scheduler().yieldPoint();
                    long target = entry.translated() + (address & (PAGE - 1));
                    // A translated address carries no PASID unless the function was told to add it (PCIe, PASID control
                    // register, "Translated Requests with PASID"), which nobody does.
                    if (data != null) {
                        transaction.memory(
                                endpoint.requester(),
                                Pasid.NONE,
                                AddressType.TRANSLATED,
                                operation,
                                target,
                                data,
                                offset,
                                length,
                                0);
                    } else {
                        transaction.atomic(
                                endpoint.requester(),
                                Pasid.NONE,
                                AddressType.TRANSLATED,
                                operation,
                                target,
                                operand,
                                comparand,
                                0);
                    }
                    return submit();
                }
            } finally {
                endpoint.sections().exit(section);
            }
            DmaStatus status = obtain(pasid, address, needed);
            if (status != DmaStatus.OK) {
                return status;
            }
            endpoint.scheduler().yieldPoint();
        }
        return DmaStatus.RETRIES_EXHAUSTED;
    }

    DmaStatus prefetch(int pasid, long address, Access access) {
        if (!endpoint.usesAts()) {
            // Cutting a function off turns its ATS off too; the reason counts, not the means.
            return endpoint.isCutOff() ? DmaStatus.FENCED : DmaStatus.UNSUPPORTED_REQUEST;
        }
        int needed = switch (access) {
            case READ -> Rights.READ;
            case WRITE -> Rights.READ | Rights.WRITE;
            case EXECUTE -> Rights.READ | Rights.EXECUTE;
        };
        for (int attempt = 0; attempt < MAX_RETRIES; attempt++) {
            if (endpoint.isCutOff()) {
                return DmaStatus.FENCED;
            }
            DeviceTlb.Entry entry = endpoint.tlb().find(pasid, address);
            if (entry != null && (entry.rights() & needed) == needed) {
                return DmaStatus.OK;
            }
            DmaStatus status = obtain(pasid, address, needed);
            if (status != DmaStatus.OK) {
                return status;
            }
        }
        return DmaStatus.RETRIES_EXHAUSTED;
    }

    // One translation request, and one page request if the answer lacks a right. OK means: look again.
    private DmaStatus obtain(int pasid, long address, int needed) {
        DeviceTlb tlb = endpoint.tlb();
        long page = address & -PAGE;
        long generation = tlb.generation();
        int flags = ((needed & Rights.WRITE) == 0 ? Transaction.NO_WRITE : 0)
                | ((needed & Rights.EXECUTE) != 0 ? Transaction.EXECUTE_REQUESTED : 0);
        transaction.translation(endpoint.requester(), pasid, page, flags);
        endpoint.countTranslationRequest();
        DmaStatus answered = submit();
        if (answered != DmaStatus.OK) {
            return answered;
        }
        int granted = transaction.grantedRights();
        if ((granted & needed) == needed) {
            long inRegion = page & ((1L << transaction.translatedShift()) - 1);
            tlb.install(
                    new DeviceTlb.Entry(pasid, page, transaction.translatedAddress() + inRegion, granted), generation);
            return DmaStatus.OK;
        }
        PageRequestInterface requests = endpoint.pageRequests();
        if (requests == null || !requests.isEnabled()) {
            return endpoint.isCutOff() ? DmaStatus.FENCED : DmaStatus.PAGE_REQUEST_INVALID;
        }
        return switch (requests.request(
                pasid,
                page,
                (needed & Rights.READ) != 0,
                (needed & Rights.WRITE) != 0,
                (needed & Rights.EXECUTE) != 0)) {
            case SUCCESS -> DmaStatus.OK;
            case INVALID -> DmaStatus.PAGE_REQUEST_INVALID;
            case FAILURE -> DmaStatus.PAGE_REQUEST_FAILURE;
            case OFF -> endpoint.isCutOff() ? DmaStatus.FENCED : DmaStatus.PAGE_REQUEST_INVALID;
        };
    }

    private static int rightsFor(Operation operation) {
        return switch (operation) {
            case READ -> Rights.READ;
            case EXECUTE -> Rights.READ | Rights.EXECUTE;
            case WRITE -> Rights.WRITE;
            case FETCH_ADD, COMPARE_AND_SWAP -> Rights.READ | Rights.WRITE;
        };
    }
}
