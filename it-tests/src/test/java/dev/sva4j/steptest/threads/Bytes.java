package dev.sva4j.steptest.threads;

import dev.sva4j.api.AddressSpace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** 64-bit words as devices and processes exchange them. */
final class Bytes {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Bytes() {}

    static byte[] of(long word) {
        byte[] bytes = new byte[Long.BYTES];
        WORD.set(bytes, 0, word);
        return bytes;
    }

    static long word(byte[] bytes) {
        return (long) WORD.get(bytes, 0);
    }

    static void write(AddressSpace process, long address, long word) {
        process.write(address, of(word), 0, Long.BYTES);
    }

    static long read(AddressSpace process, long address) {
        byte[] bytes = new byte[Long.BYTES];
        process.read(address, bytes, 0, bytes.length);
        return word(bytes);
    }
}
