package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** INVALIDATE_DEVTAB_ENTRY (AMD-Vi 2.4): the cached entry of a device is dropped. Word 1 is 0. */
public final class InvalidateDevtabEntry {

    static final int OPCODE = 2;

    public static final StructLayout LAYOUT = CommandLayout.builder("INVALIDATE_DEVTAB_ENTRY")
            .field("DeviceID", 0, 15, 0, "device")
            .build();

    public static final BitField DEVICE_ID = LAYOUT.field("DeviceID");

    private InvalidateDevtabEntry() {}

    public static long word0(int deviceId) {
        return CommandLayout.word0(OPCODE) | DEVICE_ID.encode(deviceId);
    }
}
