package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the device table is: the Device Table Base Address Registers (AMD-Vi 3.3), one a segment. Only segment 0 can
 * hold the table of all devices, so the size of the others has a bit less.
 */
public final class DeviceTableBase {

    public static final RegisterLayout DEVTAB_BASE = RegisterLayout.builder(
                    "DEVTAB_BASE", 0x0000, 64, READ_WRITE, "AMD-Vi 3.3")
            .field("Size", 8, 0, "(Size + 1) * 4096 bytes")
            .address("DevTabBase", 51, 12, "the table")
            .build();

    /** Segments 1 to 7. */
    public static final List<RegisterLayout> SEGMENTS = IntStream.rangeClosed(1, 7)
            .mapToObj(segment -> RegisterLayout.builder(
                            "DEVTAB_BASE_" + segment, 0x00F8 + 8L * segment, 64, READ_WRITE, "AMD-Vi 3.3")
                    .field("Size", 7, 0, "(Size + 1) * 4096 bytes")
                    .address("DevTabBase", 51, 12, "the table of the segment")
                    .build())
            .toList();

    public static final BitField SIZE = DEVTAB_BASE.field("Size");
    public static final BitField DEV_TAB_BASE = DEVTAB_BASE.field("DevTabBase");

    private static final int LOG2_PAGE = 12;

    private DeviceTableBase() {}

    /**
     * The register for a table.
     *
     * @param bytes size, a multiple of 4096, at most 2 MiB
     */
    public static long encode(long table, long bytes) {
        return DEV_TAB_BASE.encodeAddress(table) | SIZE.encode((bytes >>> LOG2_PAGE) - 1);
    }

    /** Size of the table. */
    public static long bytes(long base) {
        return (SIZE.get(base) + 1) << LOG2_PAGE;
    }

    /** How many device table entries it has. */
    public static int entries(long base) {
        return (int) (bytes(base) / DeviceTableEntry.LAYOUT.bytes());
    }
}
