package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Transaction;

/** A transaction that counts its completions. */
final class Dma extends Transaction {
    final byte[] bytes;
    volatile int completions;

    Dma(int length) {
        bytes = new byte[length];
    }

    static Dma read(int sid, int pasid, long address, int length) {
        return of(sid, pasid, Operation.READ, address, length, 0);
    }

    static Dma write(int sid, int pasid, long address, byte... data) {
        Dma dma = new Dma(data.length);
        System.arraycopy(data, 0, dma.bytes, 0, data.length);
        dma.memory(sid, pasid, AddressType.UNTRANSLATED, Operation.WRITE, address, dma.bytes, 0, data.length, 0);
        return dma;
    }

    static Dma of(int sid, int pasid, Operation operation, long address, int length, int flags) {
        Dma dma = new Dma(length);
        if (operation.isAtomic()) {
            dma.atomic(sid, pasid, AddressType.UNTRANSLATED, operation, address, 1, 0, flags);
        } else {
            dma.memory(sid, pasid, AddressType.UNTRANSLATED, operation, address, dma.bytes, 0, length, flags);
        }
        return dma;
    }

    static Dma translated(int sid, int pasid, Operation operation, long address, int length) {
        Dma dma = new Dma(length);
        dma.memory(sid, pasid, AddressType.TRANSLATED, operation, address, dma.bytes, 0, length, 0);
        return dma;
    }

    static Dma translationRequest(int sid, int pasid, long address, int flags) {
        Dma dma = new Dma(0);
        dma.translation(sid, pasid, address, flags);
        return dma;
    }

    @Override
    protected void completed() {
        completions++;
    }

    boolean isComplete() {
        if (completions > 1) {
            throw new AssertionError("completed " + completions + " times");
        }
        return completions == 1;
    }

    /** The status, or null while it is pending. */
    CompletionStatus outcome() {
        return isComplete() ? status() : null;
    }
}
