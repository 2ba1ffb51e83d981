package dev.sva4j.spi.hardware;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Transaction;
import org.apiguardian.api.API;

/**
 * A translated transaction on its last way to memory. It is cut at 4 KiB boundaries, as a bus would.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class BusAccess {
    private static final int PIECE = 4096;

    private BusAccess() {}

    /** Bytes from {@code position} to the end of the 4 KiB page or of the transaction. */
    public static int piece(Transaction transaction, int position) {
        int toPageEnd = PIECE - (int) Math.floorMod(transaction.address() + position, (long) PIECE);
        return Math.min(toPageEnd, transaction.length() - position);
    }

    /**
     * Moves data, or does the atomic operation and sets its result.
     *
     * @param position first byte of the transaction that is moved
     * @param bytes how many
     * @param output physical address of that byte; of an atomic operation aligned to 8
     * @throws dev.sva4j.spi.MemoryAbortException if there is no memory
     */
    public static void carryOut(PhysicalMemory memory, Transaction transaction, int position, int bytes, long output) {
        byte[] data = transaction.data();
        int offset = transaction.offset() + position;
        switch (transaction.operation()) {
            case READ, EXECUTE -> memory.read(output, data, offset, bytes);
            case WRITE -> memory.write(output, data, offset, bytes);
            case FETCH_ADD -> {
                long old;
                do {
                    old = memory.loadAcquire(output);
                } while (!memory.compareAndSet(output, old, old + transaction.operand()));
                transaction.setResult(old);
            }
            case COMPARE_AND_SWAP -> {
                long old;
                do {
                    old = memory.loadAcquire(output);
                } while (old == transaction.comparand() && !memory.compareAndSet(output, old, transaction.operand()));
                transaction.setResult(old);
            }
        }
    }
}
