package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * Control and message of the three interrupts (VT-d 11.4): faults (FE), completed waits (IE), page requests (PE). The groups
 * have one shape, so the fields of one serve all.
 */
public final class EventRegisters {

    public static final RegisterLayout FECTL = control("FECTL", 0x38);

    public static final RegisterLayout FEDATA = RegisterLayout.builder("FEDATA", 0x3C, 32, READ_WRITE, "VT-d 11.4")
            .field("IMD", 15, 0, "message data")
            .build();

    public static final RegisterLayout FEADDR = RegisterLayout.builder("FEADDR", 0x40, 32, READ_WRITE, "VT-d 11.4")
            .address("MA", 31, 2, "message address")
            .build();

    public static final RegisterLayout FEUADDR = RegisterLayout.builder("FEUADDR", 0x44, 32, READ_WRITE, "VT-d 11.4")
            .field("MUA", 31, 0, "message address, bits 63:32")
            .build();

    public static final BitField IP = FECTL.field("IP");
    public static final BitField IM = FECTL.field("IM");
    public static final BitField IMD = FEDATA.field("IMD");
    public static final BitField MA = FEADDR.field("MA");
    public static final BitField MUA = FEUADDR.field("MUA");

    public static final RegisterLayout IECTL = control("IECTL", 0xA0);
    public static final RegisterLayout IEDATA = FEDATA.mirror("IEDATA", 0xA4, READ_WRITE);
    public static final RegisterLayout IEADDR = FEADDR.mirror("IEADDR", 0xA8, READ_WRITE);
    public static final RegisterLayout IEUADDR = FEUADDR.mirror("IEUADDR", 0xAC, READ_WRITE);

    public static final RegisterLayout PECTL = control("PECTL", 0xE0);
    public static final RegisterLayout PEDATA = FEDATA.mirror("PEDATA", 0xE4, READ_WRITE);
    public static final RegisterLayout PEADDR = FEADDR.mirror("PEADDR", 0xE8, READ_WRITE);
    public static final RegisterLayout PEUADDR = FEUADDR.mirror("PEUADDR", 0xEC, READ_WRITE);

    private EventRegisters() {}

    /** The address of a message from its two registers. */
    public static long messageAddress(long addr, long uaddr) {
        return MUA.get(uaddr) << 32 | MA.getAddress(addr);
    }

    /** The upper half of a message address, as it stands in FEUADDR and its siblings. */
    public static long upperMessageAddress(long address) {
        return MUA.encode(address >>> Integer.SIZE);
    }

    /** A mirror would make IP writable. */
    private static RegisterLayout control(String name, long offset) {
        return RegisterLayout.builder(name, offset, 32, READ_WRITE, "VT-d 11.4")
                .bit("IP", 30, "a message waits for IM = 0")
                .access(READ_ONLY)
                .bit("IM", 31, "no message is sent; 1 after reset")
                .build();
    }
}
