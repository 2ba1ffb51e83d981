package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.hardware.BusAccess;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.amd.layout.SpecialAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads, writes and atomics on their way to memory.
 *
 * <p>A transaction is cut at 4 KiB boundaries, and each piece is translated and carried out in a section of its own. A
 * fault is logged in the section of its piece, so that COMPLETION_WAIT also waits for events of what was there before.
 * What faults is aborted, logged or not (VirtualBox); so is what finds no memory behind the translation, which is no
 * fault of the IOMMU.
 */
final class DataPath {
    /** A message is one double word. */
    private static final int MESSAGE_BYTES = 4;

    private final InFlightSections sections;
    private final Translator translator;
    private final PhysicalMemory memory;
    private final InterruptSink interrupts;

    DataPath(InFlightSections sections, Translator translator, PhysicalMemory memory, InterruptSink interrupts) {
        this.sections = sections;
        this.translator = translator;
        this.memory = memory;
        this.interrupts = interrupts;
    }

    /** Carries out a transaction and completes it. */
    void run(Transaction transaction) {
        int done = 0;
        CompletionStatus status = CompletionStatus.SUCCESS;
        while (done < transaction.length() && status == CompletionStatus.SUCCESS) {
            int bytes = BusAccess.piece(transaction, done);
            int section = sections.enter();
            try {
                status = carryOut(transaction, done, bytes);
            } finally {
                sections.exit(section);
            }
            done += bytes;
        }
        transaction.complete(status);
    }

    private CompletionStatus carryOut(Transaction transaction, int position, int bytes) {
        long address = transaction.address() + position;
        int device = transaction.requester();
        int pasid = transaction.pasid();
        int request = Request.of(transaction);
        if (transaction.operation().isAtomic() && address % Long.BYTES != 0) {
            // PCIe: a malformed AtomicOp request.
            return CompletionStatus.UNSUPPORTED_REQUEST;
        }
        boolean translated = transaction.addressType() == AddressType.TRANSLATED;
        if (!translated && SpecialAddress.isInterrupt(address)) {
            return interrupt(transaction, address, bytes, request);
        }
        long result = translated
                ? translator.admitTranslated(device, pasid, address, request)
                : translator.translate(device, pasid, address, request);
        if (Fault.is(result)) {
            return result == Fault.SILENT ? CompletionStatus.UNSUPPORTED_REQUEST : CompletionStatus.COMPLETER_ABORT;
        }
        try {
            BusAccess.carryOut(memory, transaction, position, bytes, Leaf.output(result, address));
            return CompletionStatus.SUCCESS;
        } catch (MemoryAbortException e) {
            return CompletionStatus.COMPLETER_ABORT;
        }
    }

    /** A write of one aligned double word is an interrupt; it is not remapped. */
    private CompletionStatus interrupt(Transaction transaction, long address, int bytes, int request) {
        boolean isMessage = transaction.operation() == Operation.WRITE
                && transaction.length() == MESSAGE_BYTES
                && bytes == MESSAGE_BYTES
                && address % MESSAGE_BYTES == 0;
        long fault =
                translator.admitInterrupt(transaction.requester(), transaction.pasid(), address, request, isMessage);
        if (Fault.is(fault)) {
            return CompletionStatus.COMPLETER_ABORT;
        }
        int data = ByteBuffer.wrap(transaction.data())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt(transaction.offset());
        interrupts.message(address, data);
        return CompletionStatus.SUCCESS;
    }
}
