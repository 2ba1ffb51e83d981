package dev.sva4j.examples.acme.hardware;

import dev.sva4j.api.Access;
import dev.sva4j.examples.acme.layout.Event;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.hardware.BusAccess;

/**
 * Requests on their way to memory, cut at page boundaries. Each piece is translated and carried out in a section, its event
 * included: so a WAIT that has been passed means that nothing before it will touch memory, or be recorded, any more.
 */
final class DataPath {
    private enum Outcome {
        DONE,
        REFUSED,
        HELD
    }

    private final PhysicalMemory memory;
    private final Translator translator;
    private final EventRing events;
    private final Stalls stalls;
    private final InFlightSections sections;

    DataPath(PhysicalMemory memory, Translator translator, EventRing events, Stalls stalls, InFlightSections sections) {
        this.memory = memory;
        this.translator = translator;
        this.events = events;
        this.stalls = stalls;
        this.sections = sections;
    }

    /** Carries out what is left of a request, and completes it unless it has to wait. */
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
            if (outcome == Outcome.HELD) {
                // It may have been resumed already: it is not ours any more.
                return;
            } else if (outcome == Outcome.REFUSED) {
                transaction.complete(CompletionStatus.COMPLETER_ABORT);
                return;
            }
            done += bytes;
        }
        transaction.complete(CompletionStatus.SUCCESS);
    }

    private Outcome carryOut(Transaction transaction, int position, int bytes) {
        Operation operation = transaction.operation();
        long address = transaction.address() + position;
        if (operation.isAtomic() && address % Long.BYTES != 0) {
            return Outcome.REFUSED;
        }
        long result = translator.translate(transaction.requester(), transaction.pasid(), address, operation);
        if (Refusal.is(result)) {
            return refuse(transaction, position, address, result);
        }
        try {
            BusAccess.carryOut(memory, transaction, position, bytes, Leaf.output(result, address));
            return Outcome.DONE;
        } catch (MemoryAbortException e) {
            return Outcome.REFUSED;
        }
    }

    private Outcome refuse(Transaction transaction, int position, long address, long refusal) {
        if (Refusal.code(refusal) == Refusal.QUIET) {
            return Outcome.REFUSED;
        }
        // First the words, then the table: from then on the request is whoever resumes it.
        long word0 = event(transaction.requester(), transaction.pasid(), transaction.operation(), refusal);
        long word1 = Event.page(address);
        int tag = Refusal.stalls(refusal) ? stalls.hold(transaction, position) : Stalls.NONE;
        if (tag == Stalls.NONE) {
            events.refused(word0, word1);
            return Outcome.REFUSED;
        }
        events.stalled(Event.STALL.put(word0, true), Event.TAG.put(word1, tag));
        return Outcome.HELD;
    }

    /** Word 0 of the event of a refusal. */
    static long event(int requester, int pasid, Operation operation, long refusal) {
        Access access =
                operation.writes() ? Access.WRITE : operation == Operation.EXECUTE ? Access.EXECUTE : Access.READ;
        return Event.refusal(Refusal.code(refusal), requester, pasid, access);
    }

    /** Software has answered: the rest of a stalled request is translated anew, or it is aborted. */
    void resume(int tag, boolean retry) {
        Stalls.Stalled stalled = stalls.take(tag);
        if (stalled != null && retry) {
            run(stalled.transaction(), stalled.position());
        } else if (stalled != null) {
            stalled.transaction().complete(CompletionStatus.COMPLETER_ABORT);
        }
    }

    /** ENABLE = 0. */
    void abortStalled() {
        for (Stalls.Stalled stalled : stalls.takeAll()) {
            stalled.transaction().complete(CompletionStatus.COMPLETER_ABORT);
        }
    }
}
