package dev.sva4j.steptest.model;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What is in a page: the first and the last sixteen bytes of it, which are all that a run touches. So an access may cross into the next page.
 * Immutable.
 */
final class Content {
    static final int WINDOW = 16;
    static final Content ZERO = new Content(new byte[2 * WINDOW]);

    private final byte[] bytes;

    private Content(byte[] bytes) {
        this.bytes = bytes;
    }

    private static int index(int offset) {
        return offset < WINDOW ? offset : offset - Layout.PAGE + 2 * WINDOW;
    }

    Content with(int offset, byte[] source, int from, int length) {
        byte[] changed = bytes.clone();
        System.arraycopy(source, from, changed, index(offset), length);
        return new Content(changed);
    }

    Content withWord(int offset, long word) {
        byte[] little = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            little[i] = (byte) (word >>> 8 * i);
        }
        return with(offset, little, 0, Long.BYTES);
    }

    long word(int offset) {
        long word = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            word = word << 8 | bytes[index(offset) + i] & 0xff;
        }
        return word;
    }

    boolean equals(int offset, byte[] data, int from, int length) {
        int at = index(offset);
        return Arrays.equals(bytes, at, at + length, data, from, from + length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Content content && Arrays.equals(bytes, content.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Arrays.equals(bytes, ZERO.bytes) ? "0" : HexFormat.of().formatHex(bytes);
    }
}
