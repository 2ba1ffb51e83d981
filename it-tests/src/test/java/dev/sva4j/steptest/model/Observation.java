package dev.sva4j.steptest.model;

/**
 * What was seen of an operation.
 *
 * @param data bytes that a successful read returned, else empty
 * @param value old value of an atomic
 * @param number PASID that a bind returned or a DMA carried, -1 for none
 * @param serial bond that a bind returned or an unbind was called on: one number per object; initialisation of a device that a call was made on
 * @param freeFrames frames that were free before, or -1 if other operations went on at the same time
 */
public record Observation(Outcome outcome, byte[] data, long value, int number, int serial, long freeFrames) {
    private static final byte[] EMPTY = {};

    public static Observation of(Outcome outcome) {
        return new Observation(outcome, EMPTY, 0, -1, -1, -1);
    }

    public Observation withData(byte[] bytes) {
        return new Observation(outcome, bytes, value, number, serial, freeFrames);
    }

    public Observation withValue(long old) {
        return new Observation(outcome, data, old, number, serial, freeFrames);
    }

    public Observation withNumber(int pasid) {
        return new Observation(outcome, data, value, pasid, serial, freeFrames);
    }

    public Observation withSerial(int object) {
        return new Observation(outcome, data, value, number, object, freeFrames);
    }

    public Observation withFreeFrames(long frames) {
        return new Observation(outcome, data, value, number, serial, frames);
    }

    boolean is(Outcome expected) {
        return outcome == expected;
    }

    @Override
    public String toString() {
        return outcome
                + (data.length > 0 ? " data " + java.util.HexFormat.of().formatHex(data) : "")
                + (value != 0 ? " old " + Long.toHexString(value) : "")
                + (number >= 0 ? " pasid " + number : "")
                + (serial >= 0 ? " object " + serial : "")
                + (freeFrames >= 0 ? " free " + freeFrames : "");
    }
}
