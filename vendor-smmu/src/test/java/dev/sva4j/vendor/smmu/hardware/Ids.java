package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.layout.BitField;

/** ID registers that differ from the product's in a field. */
final class Ids {
    /** The registers of QEMU's model: no substreams, no stalls, no ATS. */
    static final IdRegisters QEMU = new IdRegisters(0xd44101b, 0x2730010, 0x1414, 0x74, 1);

    private Ids() {}

    static IdRegisters with(BitField field, long value) {
        return with(IdRegisters.PRODUCT, field, value);
    }

    static IdRegisters with(IdRegisters ids, BitField field, long value) {
        return new IdRegisters(
                put("IDR0", ids.idr0(), field, value),
                put("IDR1", ids.idr1(), field, value),
                put("IDR3", ids.idr3(), field, value),
                put("IDR5", ids.idr5(), field, value),
                put("AIDR", ids.aidr(), field, value));
    }

    private static long put(String register, long old, BitField field, long value) {
        return field.structure().equals(register) ? field.put(old, value) : old;
    }
}
