package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** INVALIDATE_INTERRUPT_TABLE (AMD-Vi 2.4): cached interrupt remapping entries of a device are dropped. Word 1 is 0. */
public final class InvalidateInterruptTable {

    static final int OPCODE = 5;

    public static final StructLayout LAYOUT = CommandLayout.builder("INVALIDATE_INTERRUPT_TABLE")
            .field("DeviceID", 0, 15, 0, "device")
            .build();

    public static final BitField DEVICE_ID = LAYOUT.field("DeviceID");

    private InvalidateInterruptTable() {}

    public static long word0(int deviceId) {
        return CommandLayout.word0(OPCODE) | DEVICE_ID.encode(deviceId);
    }
}
