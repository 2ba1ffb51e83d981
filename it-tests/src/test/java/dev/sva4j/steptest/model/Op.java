package dev.sva4j.steptest.model;

import java.util.StringJoiner;

/**
 * One operation, in words that mean something in every state: slots instead of objects. What a number is for depends on the kind.
 *
 * @param process slot of the process
 * @param other slot that a new process goes to, or -1 for the first free one
 * @param device slot of the device
 * @param first first extent
 * @param last last extent
 * @param offset first byte within the first extent's page
 * @param length bytes
 * @param mode protection, options of a device, or way of a callback
 * @param value data
 */
public record Op(
        OpKind kind,
        int process,
        int other,
        int device,
        int first,
        int last,
        int offset,
        int length,
        int mode,
        long value) {

    /** Modes of {@link OpKind#BIND}: how the exit callback behaves. */
    public static final int CALLBACK_RETURNS = 0;

    public static final int CALLBACK_THROWS = 1;
    public static final int CALLBACK_UNBINDS = 2;
    public static final int CALLBACK_WAITS = 3;

    /** Data of a write. */
    public byte[] data() {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (value >>> 8 * (i % Long.BYTES) ^ i / Long.BYTES * 0x5a);
        }
        return data;
    }

    /** First byte that it touches. */
    public long address() {
        return Layout.EXTENTS.get(first).address() + offset;
    }

    // Options of a device, as INIT_DEVICE carries them in its mode: bit 0 page faults, bits 1-2 exit policy, bits 3-4
    // range.

    public boolean wantsFaults() {
        return (mode & 1) != 0;
    }

    public Policy policy() {
        return Policy.values()[(mode >>> 1 & 3) % Policy.values().length];
    }

    public PasidLimits limits() {
        return PasidLimits.values()[mode >>> 3 & 3];
    }

    public Prot prot() {
        return Prot.of(mode);
    }

    /** The text that {@link #parse} takes. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ");
        text.add(kind.name());
        for (long number : new long[] {process, other, device, first, last, offset, length, mode}) {
            text.add(Long.toString(number));
        }
        return text.add(Long.toHexString(value)).toString();
    }

    public static Op parse(String text) {
        String[] words = text.trim().split(" +");
        int[] numbers = new int[8];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.parseInt(words[i + 1]);
        }
        return new Op(
                OpKind.valueOf(words[0]),
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                numbers[6],
                numbers[7],
                Long.parseUnsignedLong(words[9], 16));
    }
}
