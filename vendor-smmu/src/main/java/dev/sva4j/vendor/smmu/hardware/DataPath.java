package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.hardware.BusAccess;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.FaultResponse;
import java.util.Arrays;

/**
 * Reads, writes and atomics on their way to memory.
 *
 * <p>A transaction is cut at 4 KiB boundaries, as a bus would, and each piece is translated and carried out in a
 * section of its own. A fault is recorded in the section of its piece, so that CMD_SYNC also waits for events of what
 * was there before (§4.7). A stalled transaction goes on later from the piece that faulted; pieces before it are done.
 *
 * <p>An abort is seen as Completer Abort whatever its cause. One of memory behind the translation is no fault of the
 * SMMU: there is no event.
 */
final class DataPath {
    private enum Outcome {
        DONE,
        ABORTED,
        STALLED
    }

    /** What CMD_RESUME asks for. */
    enum Resume {
        RETRY,
        ABORT,
        RAZ_WI
    }

    private final Control control;
    private final InFlightSections sections;
    private final Translator translator;
    private final AtsRequests ats;
    private final EventQueue events;
    private final Stalls stalls;
    private final PhysicalMemory memory;

    DataPath(
            Control control,
            InFlightSections sections,
            Translator translator,
            AtsRequests ats,
            EventQueue events,
            Stalls stalls,
            PhysicalMemory memory) {
        this.control = control;
        this.sections = sections;
        this.translator = translator;
        this.ats = ats;
        this.events = events;
        this.stalls = stalls;
        this.memory = memory;
    }

    /** Carries out a transaction from the byte {@code position} on; completes it, or leaves it to {@link Stalls}. */
    void run(Transaction transaction, int position) {
        int done = position;
        while (done < transaction.length()) {
            int bytes = BusAccess.piece(transaction, done);
            Outcome outcome;
            int section = sections.enter();
            try {
                outcome = carryOut(transaction, done, bytes);
            } finally {
                sections.exit(section);
            }
            if (outcome == Outcome.STALLED) {
                // It belongs to whoever resumes it, who may be ahead of us.
                return;
            }
            if (outcome == Outcome.ABORTED) {
                transaction.complete(CompletionStatus.COMPLETER_ABORT);
                return;
            }
            done += bytes;
        }
        transaction.complete(CompletionStatus.SUCCESS);
    }

    private Outcome carryOut(Transaction transaction, int position, int bytes) {
        Settings settings = control.settings();
        long address = transaction.address() + position;
        int need = need(transaction);
        long result = translate(settings, transaction, address, need);
        if (Fault.is(result)) {
            return fault(settings, transaction, position, bytes, result, need);
        }
        try {
            BusAccess.carryOut(memory, transaction, position, bytes, Leaf.output(result, address));
            return Outcome.DONE;
        } catch (MemoryAbortException e) {
            return Outcome.ABORTED;
        }
    }

    private long translate(Settings settings, Transaction transaction, long address, int need) {
        if (transaction.operation().isAtomic() && address % Long.BYTES != 0) {
            return Fault.of(EventId.F_UUT);
        }
        if (transaction.addressType() == AddressType.TRANSLATED) {
            return ats.admitTranslated(settings, transaction.requester(), address);
        }
        return translator.translate(settings, transaction.requester(), transaction.pasid(), address, need);
    }

    /** Without a PASID an access is unprivileged and to data (§3.23); with one, the prefix says what it is. */
    private static int need(Transaction transaction) {
        if (transaction.pasid() != Pasid.NONE) {
            boolean privileged = (transaction.flags() & Transaction.PRIVILEGED) != 0;
            return Permissions.needed(transaction.operation(), privileged);
        }
        boolean execute = transaction.operation() == Operation.EXECUTE;
        return Permissions.needed(execute ? Operation.READ : transaction.operation(), false);
    }

    private Outcome fault(Settings settings, Transaction transaction, int position, int bytes, long fault, int need) {
        int sid = transaction.requester();
        int ssid = transaction.pasid();
        long address = transaction.address() + position;
        FaultResponse response = Fault.response(fault);
        if (response.stalls()) {
            long[] event = EventRecords.of(fault, sid, ssid, address, need);
            return stalls.hold(transaction, position, event) ? Outcome.STALLED : Outcome.ABORTED;
        }
        if (response.records()) {
            events.recordFault(settings, fault, sid, ssid, address, need);
        }
        if (response.aborts()) {
            return Outcome.ABORTED;
        }
        readAsZeroWriteIgnored(transaction, position, bytes);
        return Outcome.DONE;
    }

    private static void readAsZeroWriteIgnored(Transaction transaction, int position, int bytes) {
        if (transaction.operation().isAtomic()) {
            transaction.setResult(0);
        } else if (!transaction.operation().writes()) {
            int from = transaction.offset() + position;
            Arrays.fill(transaction.data(), from, from + bytes, (byte) 0);
        }
    }

    /** CMD_RESUME; unknown to anyone is fine. */
    void resume(long sid, long stag, Resume how) {
        Stalls.Stalled stalled = stalls.take(sid, stag);
        if (stalled == null) {
            return;
        }
        Transaction transaction = stalled.transaction();
        switch (how) {
            case RETRY -> run(transaction, stalled.position());
            case ABORT -> transaction.complete(CompletionStatus.COMPLETER_ABORT);
            case RAZ_WI -> {
                int bytes = BusAccess.piece(transaction, stalled.position());
                readAsZeroWriteIgnored(transaction, stalled.position(), bytes);
                run(transaction, stalled.position() + bytes);
            }
        }
        retryWaiting();
    }

    /** CMD_STALL_TERM. */
    void abortStalled(long sid) {
        stalls.takeStream(sid).forEach(stalled -> stalled.transaction().complete(CompletionStatus.COMPLETER_ABORT));
        retryWaiting();
    }

    /** What disabling the SMMU does to stalled transactions. */
    void abortAllStalled() {
        stalls.takeAll().forEach(stalled -> stalled.transaction().complete(CompletionStatus.COMPLETER_ABORT));
    }

    private void retryWaiting() {
        for (Stalls.Stalled next = stalls.takeWaiting(); next != null; next = stalls.takeWaiting()) {
            run(next.transaction(), next.position());
        }
    }
}
