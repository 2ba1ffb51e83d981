package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.hardware.BusAccess;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.HostAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads, writes and atomics on their way to memory.
 *
 * <p>A transaction is cut at 4 KiB boundaries, and each piece is translated and carried out in a section of its own. A
 * fault is recorded in the section of its piece, so that a wait descriptor also waits for records of what was there
 * before. Refusals are Unsupported Requests; an abort of memory behind the translation is no fault of the unit.
 */
final class DataPath {
    private enum Outcome {
        DONE,
        UNSUPPORTED,
        ABORTED
    }

    /** A message is one double word. */
    private static final int MESSAGE_BYTES = 4;

    private final Control control;
    private final InFlightSections sections;
    private final Translator translator;
    private final FaultRecords faults;
    private final PhysicalMemory memory;
    private final InterruptSink interrupts;

    DataPath(
            Control control,
            InFlightSections sections,
            Translator translator,
            FaultRecords faults,
            PhysicalMemory memory,
            InterruptSink interrupts) {
        this.control = control;
        this.sections = sections;
        this.translator = translator;
        this.faults = faults;
        this.memory = memory;
        this.interrupts = interrupts;
    }

    /** Carries out a transaction and completes it. */
    void run(Transaction transaction) {
        if (isToInterruptRange(transaction)) {
            transaction.complete(interrupt(transaction));
            return;
        }
        int done = 0;
        while (done < transaction.length()) {
            int bytes = BusAccess.piece(transaction, done);
            Outcome outcome;
            int section = sections.enter();
            try {
                outcome = carryOut(transaction, done, bytes);
            } finally {
                sections.exit(section);
            }
            if (outcome != Outcome.DONE) {
                transaction.complete(
                        outcome == Outcome.ABORTED
                                ? CompletionStatus.COMPLETER_ABORT
                                : CompletionStatus.UNSUPPORTED_REQUEST);
                return;
            }
            done += bytes;
        }
        transaction.complete(CompletionStatus.SUCCESS);
    }

    private Outcome carryOut(Transaction transaction, int position, int bytes) {
        long address = transaction.address() + position;
        int sid = transaction.requester();
        int pasid = transaction.pasid();
        int request = Request.of(transaction);
        if (transaction.operation().isAtomic() && address % Long.BYTES != 0) {
            // PCIe: a malformed AtomicOp request.
            return Outcome.UNSUPPORTED;
        }
        boolean translated = Request.has(request, Request.TRANSLATED);
        long result = translated
                ? translator.admitTranslated(sid, pasid, address, request)
                : translator.translate(sid, pasid, address, request);
        if (Fault.is(result)) {
            faults.record(result, sid, pasid, address, request);
            return translated ? onTranslated(result) : Outcome.UNSUPPORTED;
        }
        try {
            BusAccess.carryOut(memory, transaction, position, bytes, Leaf.output(result, address));
            return Outcome.DONE;
        } catch (MemoryAbortException e) {
            return Outcome.ABORTED;
        }
    }

    private static Outcome onTranslated(long fault) {
        boolean aborts = Fault.code(fault) != Fault.NO_REASON
                && Fault.reason(fault).onTranslatedRequest() == FaultReason.Completion.CA;
        return aborts ? Outcome.ABORTED : Outcome.UNSUPPORTED;
    }

    /** Without a PASID, FEEx_xxxxh is not memory, and is never translated (3.14). */
    private static boolean isToInterruptRange(Transaction transaction) {
        return transaction.pasid() == Pasid.NONE
                && transaction.addressType() == AddressType.UNTRANSLATED
                && HostAddress.isInterruptRange(transaction.address());
    }

    /**
     * A write of one aligned double word is an interrupt, which there is no remapping for. The manual blocks and reports
     * anything else without saying by which reason; the one for outputs in the range is chosen.
     */
    private CompletionStatus interrupt(Transaction transaction) {
        long address = transaction.address();
        if (transaction.operation() == Operation.WRITE
                && transaction.length() == MESSAGE_BYTES
                && address % MESSAGE_BYTES == 0) {
            interrupts.message(
                    address,
                    ByteBuffer.wrap(transaction.data())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getInt(transaction.offset()));
            return CompletionStatus.SUCCESS;
        }
        Settings settings = control.settings();
        if (settings.enabled()) {
            boolean legacy = settings.mode() == Settings.Mode.LEGACY;
            long fault = Fault.of(legacy ? FaultReason.LGN_4 : FaultReason.SGN_8);
            int section = sections.enter();
            try {
                faults.record(fault, transaction.requester(), Pasid.NONE, address, Request.of(transaction));
            } finally {
                sections.exit(section);
            }
        }
        return CompletionStatus.UNSUPPORTED_REQUEST;
    }
}
