package dev.sva4j.core.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Copies between bytes in an array and little-endian 64-bit words.
 *
 * <p>Blocks below {@value #BULK} bytes move word by word. Longer ones take the JVM's block copy, four times as fast at
 * 4 KiB; it moves whole words if the array offset is a multiple of 8, and on the usual processors otherwise too. The
 * block copy goes through a buffer view which the compiler of JDK 25 removes; JDK 17 leaves 56 bytes of garbage per
 * block.
 *
 * <p>Stateless. Concurrent stores to bytes outside the block are never lost: words that it fills in part are merged by
 * compare-and-set.
 */
final class WordCopy {
    /** From how many bytes on the block copy pays for its set-up. */
    static final int BULK = 512;

    /** Plain access only: atomic access to byte arrays is not supported on every JDK. */
    private static final VarHandle BYTES = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private WordCopy() {}

    /**
     * Copies {@code length} bytes from byte {@code position} of {@code words} to {@code target}; the caller has checked
     * both.
     */
    static void read(long[] words, long position, byte[] target, int offset, int length) {
        int index = (int) (position >>> 3);
        int skip = (int) position & 7;
        if (skip != 0) {
            int head = Math.min(8 - skip, length);
            unpack(words[index++] >>> (skip << 3), target, offset, head);
            offset += head;
            length -= head;
        }
        int body = length & ~7;
        if (body >= BULK) {
            view(target, offset, body).put(words, index, body >>> 3);
        } else {
            for (int done = 0; done < body; done += 8) {
                BYTES.set(target, offset + done, words[index + (done >>> 3)]);
            }
        }
        if (body != length) {
            unpack(words[index + (body >>> 3)], target, offset + body, length - body);
        }
    }

    /**
     * Copies {@code length} bytes of {@code source} to byte {@code position} of {@code words}; the caller has checked
     * both.
     */
    static void write(long[] words, long position, byte[] source, int offset, int length) {
        int index = (int) (position >>> 3);
        int skip = (int) position & 7;
        if (skip != 0) {
            int head = Math.min(8 - skip, length);
            merge(words, index++, skip, source, offset, head);
            offset += head;
            length -= head;
        }
        int body = length & ~7;
        if (body >= BULK) {
            view(source, offset, body).get(words, index, body >>> 3);
        } else {
            for (int done = 0; done < body; done += 8) {
                words[index + (done >>> 3)] = (long) BYTES.get(source, offset + done);
            }
        }
        if (body != length) {
            merge(words, index + (body >>> 3), 0, source, offset + body, length - body);
        }
    }

    private static LongBuffer view(byte[] bytes, int offset, int length) {
        return ByteBuffer.wrap(bytes, offset, length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
    }

    private static void unpack(long word, byte[] target, int offset, int count) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = (byte) (word >>> (i << 3));
        }
    }

    /** Puts {@code count} bytes, 1 to 7, into a word from its byte {@code skip} on. */
    private static void merge(long[] words, int index, int skip, byte[] source, int offset, int count) {
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= (source[offset + i] & 0xffL) << (i << 3);
        }
        long mask = (-1L >>> (64 - (count << 3))) << (skip << 3);
        HeapMemory.merge(words, index, bits << (skip << 3), mask);
    }
}
