package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * A peripheral page request in the PPR log (AMD-Vi 2.6; only Linux, old and new, publishes the layout).
 *
 * <p>Beware: GN and the upper PASID bits are not where {@link EventLogEntry} has them. A code of 0 is no entry:
 * software clears what it has read. How stop markers are logged is not published; one would have neither EX nor RD
 * nor WR.
 */
public final class PprLogEntry {

    /** The one code. */
    public static final int PAGE_SERVICE_REQUEST = 1;

    public static final StructLayout LAYOUT = StructLayout.builder("PPR log entry", 2, "AMD-Vi 2.6")
            .field("DeviceID", 0, 15, 0, "device")
            .split("PASID", "PASID, if GN", new SplitField.Piece(0, 31, 16, 0), new SplitField.Piece(0, 45, 42, 16))
            .field("PRGIndex", 0, 40, 32, "page request group")
            .bit("Last", 0, 41, "last request of the group")
            .bit("EX", 0, 49, "execute access wanted")
            .bit("RD", 0, 50, "read access wanted")
            .bit("WR", 0, 53, "write access wanted")
            .bit("US", 0, 54, "user request")
            .bit("RZ", 0, 55, "a reserved bit was set")
            .bit("GN", 0, 56, "guest virtual address of a PASID")
            .field("PPRCode", 0, 63, 60, "what the entry is")
            .value(PAGE_SERVICE_REQUEST, "PAGE_SERVICE_REQUEST")
            .address("Address", 1, 63, 12, "page")
            .build();

    public static final BitField DEVICE_ID = LAYOUT.field("DeviceID");
    public static final SplitField PASID = LAYOUT.split("PASID");
    public static final BitField PRG_INDEX = LAYOUT.field("PRGIndex");
    public static final BitField LAST = LAYOUT.field("Last");
    public static final BitField EX = LAYOUT.field("EX");
    public static final BitField RD = LAYOUT.field("RD");
    public static final BitField WR = LAYOUT.field("WR");
    public static final BitField US = LAYOUT.field("US");
    public static final BitField RZ = LAYOUT.field("RZ");
    public static final BitField GN = LAYOUT.field("GN");
    public static final BitField PPR_CODE = LAYOUT.field("PPRCode");
    public static final BitField ADDRESS = LAYOUT.field("Address");

    private PprLogEntry() {}

    /** First word of a request without PASID and without EX, RD, WR and US. */
    public static long word0(int deviceId, int prgIndex, boolean last) {
        return PPR_CODE.encode(PAGE_SERVICE_REQUEST)
                | DEVICE_ID.encode(deviceId)
                | PRG_INDEX.encode(prgIndex)
                | LAST.encode(last);
    }

    /** First word of a request with PASID and without EX, RD, WR and US. */
    public static long word0(int deviceId, int prgIndex, boolean last, int pasid) {
        return PASID.put(0, word0(deviceId, prgIndex, last), pasid) | GN.encode(true);
    }

    /** Second word for an address, whose offset in its page is dropped. */
    public static long word1(long address) {
        return ADDRESS.getAddress(address);
    }
}
