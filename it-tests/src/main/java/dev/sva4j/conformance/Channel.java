package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.DmaOperation;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;

/** A DMA channel that moves single words and never waits for ever. One rule uses it, from one task at a time. */
final class Channel {
    private final DmaPort port;
    private final byte[] word = new byte[Long.BYTES];

    Channel(DmaPort port) {
        this.port = port;
    }

    /** Writes a word; what became of it. */
    DmaStatus store(int pasid, long at, long value) {
        Words.put(word, value);
        return end(port.writeAsync(pasid, at, word, 0, word.length), "write", pasid, at);
    }

    /** Reads a word, for {@link #loaded()}; what became of it. */
    DmaStatus load(int pasid, long at) {
        return end(port.readAsync(pasid, at, word, 0, word.length), "read", pasid, at);
    }

    /** The word read last. */
    long loaded() {
        return Words.get(word);
    }

    /** Starts a write that the rule does not wait for yet. */
    DmaOperation storing(int pasid, long at, long value) {
        byte[] own = new byte[Long.BYTES];
        Words.put(own, value);
        return port.writeAsync(pasid, at, own, 0, own.length);
    }

    /** Waits for the end of an operation that was started earlier. */
    DmaStatus end(DmaOperation operation) {
        return end(operation, "operation", DmaPort.NO_PASID, 0);
    }

    void mustStore(int pasid, long at, long value) {
        assertEquals(DmaStatus.OK, store(pasid, at, value), () -> "a write " + of(pasid, at));
    }

    void mustLoad(int pasid, long at, long expected) {
        assertEquals(DmaStatus.OK, load(pasid, at), () -> "a read " + of(pasid, at));
        assertEquals(expected, loaded(), () -> "the word read " + of(pasid, at));
    }

    void mustNotStore(int pasid, long at) {
        DmaStatus status = store(pasid, at, 0xBAD0_BAD0_BAD0_BAD0L);
        assertTrue(
                Refusals.ACCESS.contains(status),
                () -> "a write " + of(pasid, at) + " must be refused, but: " + status);
    }

    void mustNotLoad(int pasid, long at) {
        DmaStatus status = load(pasid, at);
        assertTrue(
                Refusals.ACCESS.contains(status), () -> "a read " + of(pasid, at) + " must be refused, but: " + status);
    }

    /** Neither reads nor writes may get through. */
    void mustNotReach(int pasid, long at) {
        mustNotLoad(pasid, at);
        mustNotStore(pasid, at);
    }

    private static DmaStatus end(DmaOperation operation, String what, int pasid, long at) {
        try {
            return operation.await(Machine.PATIENCE);
        } catch (SvaException e) {
            if (e.error() != SvaError.TIMED_OUT) {
                throw e;
            }
            throw new AssertionError("the device was never told what became of its " + what + " " + of(pasid, at), e);
        }
    }

    private static String of(int pasid, long at) {
        return String.format("of PASID %d at 0x%x", pasid, at);
    }
}
