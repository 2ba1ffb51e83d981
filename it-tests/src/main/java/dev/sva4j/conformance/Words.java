package dev.sva4j.conformance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian words in byte arrays. */
final class Words {
    private static final VarHandle VIEW = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    static void put(byte[] target, long value) {
        VIEW.set(target, 0, value);
    }

    static long get(byte[] source) {
        return (long) VIEW.get(source, 0);
    }
}
