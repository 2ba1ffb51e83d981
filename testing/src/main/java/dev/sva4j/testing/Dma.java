package dev.sva4j.testing;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Transaction;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A transaction that counts its completions. */
public final class Dma extends Transaction {
    public final byte[] bytes;
    private final AtomicInteger completions = new AtomicInteger();

    public Dma(int length) {
        bytes = new byte[length];
    }

    public static Dma read(int sid, int pasid, long address, int length) {
        return of(sid, pasid, Operation.READ, address, length, 0);
    }

    public static Dma write(int sid, int pasid, long address, byte... data) {
        Dma dma = new Dma(data.length);
        System.arraycopy(data, 0, dma.bytes, 0, data.length);
        dma.memory(sid, pasid, AddressType.UNTRANSLATED, Operation.WRITE, address, dma.bytes, 0, data.length, 0);
        return dma;
    }

    public static Dma of(int sid, int pasid, Operation operation, long address, int length, int flags) {
        Dma dma = new Dma(length);
        if (operation.isAtomic()) {
            dma.atomic(sid, pasid, AddressType.UNTRANSLATED, operation, address, 1, 0, flags);
        } else {
            dma.memory(sid, pasid, AddressType.UNTRANSLATED, operation, address, dma.bytes, 0, length, flags);
        }
        return dma;
    }

    public static Dma translated(int sid, int pasid, Operation operation, long address, int length) {
        Dma dma = new Dma(length);
        dma.memory(sid, pasid, AddressType.TRANSLATED, operation, address, dma.bytes, 0, length, 0);
        return dma;
    }

    public static Dma translationRequest(int sid, int pasid, long address, int flags) {
        Dma dma = new Dma(0);
        dma.translation(sid, pasid, address, flags);
        return dma;
    }

    @Override
    protected void completed() {
        completions.incrementAndGet();
    }

    public boolean isComplete() {
        int count = completions.get();
        if (count > 1) {
            throw new AssertionError("completed " + count + " times");
        }
        return count == 1;
    }

    /** The status, or null while it is pending. */
    public @Nullable CompletionStatus outcome() {
        return isComplete() ? status() : null;
    }
}
