package dev.sva4j.examples.acme.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** The device table: one word per requester. */
public final class DeviceTable {
    /** Requesters below this one have an entry. */
    public static final int ENTRIES = 4096;
    /** Size of the table. */
    public static final long BYTES = (long) ENTRIES * Long.BYTES;

    public static final StructLayout ENTRY = StructLayout.builder("device entry", 1, "Acme, device table")
            .bit("V", 0, 0, "valid")
            .address("PASIDS", 0, 51, 12, "its PASID table")
            .build();
    public static final BitField V = ENTRY.field("V");
    public static final BitField PASIDS = ENTRY.field("PASIDS");

    private DeviceTable() {}

    /** Whether there is an entry for a requester. */
    public static boolean contains(int requester) {
        return Integer.toUnsignedLong(requester) < ENTRIES;
    }

    /** Address of the entry of a requester. */
    public static long entryAddress(long table, int requester) {
        return table + (long) requester * Long.BYTES;
    }

    /** A valid entry. */
    public static long entry(long pasids) {
        return V.encode(true) | PASIDS.encodeAddress(pasids);
    }
}
