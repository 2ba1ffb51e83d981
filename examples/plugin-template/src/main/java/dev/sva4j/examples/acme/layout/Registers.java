package dev.sva4j.examples.acme.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterAccess;
import dev.sva4j.spi.layout.RegisterLayout;

/** The registers. All have 64 bits and are 0 after reset, but for ID. */
public final class Registers {
    /** Size of the register region. */
    public static final long BYTES = 0x1000;
    /** The version of the architecture that is described here. */
    public static final int VERSION_1 = 1;

    public static final RegisterLayout ID = register("ID", 0x00, RegisterAccess.READ_ONLY)
            .field("VERSION", 3, 0, "version of the architecture")
            .field("PASID_BITS", 8, 4, "width of PASIDs")
            .build();
    public static final RegisterLayout CONTROL = register("CONTROL", 0x08, RegisterAccess.READ_WRITE)
            .bit("ENABLE", 0, "requests are translated, commands carried out")
            .build();
    /** What is in effect of CONTROL. */
    public static final RegisterLayout STATUS = CONTROL.mirror("STATUS", 0x10, RegisterAccess.READ_ONLY);

    public static final RegisterLayout DEVICE_TABLE = pointer("DEVICE_TABLE", 0x18);
    public static final RegisterLayout COMMAND_RING = pointer("COMMAND_RING", 0x20);
    public static final RegisterLayout COMMAND_TAIL = index("COMMAND_TAIL", 0x28, RegisterAccess.READ_WRITE);
    public static final RegisterLayout COMMAND_HEAD = register("COMMAND_HEAD", 0x30, RegisterAccess.READ_ONLY)
            .field("INDEX", 7, 0, "the next command that hardware carries out")
            .bit("ERROR", 31, "it is none: the ring stands still until ENABLE = 0")
            .build();
    public static final RegisterLayout EVENT_RING = pointer("EVENT_RING", 0x38);
    public static final RegisterLayout EVENT_TAIL = index("EVENT_TAIL", 0x40, RegisterAccess.READ_ONLY);
    public static final RegisterLayout EVENT_HEAD = index("EVENT_HEAD", 0x48, RegisterAccess.READ_WRITE);
    public static final RegisterLayout EVENT_STATUS = register("EVENT_STATUS", 0x50, RegisterAccess.WRITE_ONE_TO_CLEAR)
            .bit("OVERFLOW", 0, "refusals were lost")
            .build();
    public static final RegisterLayout MSI_ADDRESS = register("MSI_ADDRESS", 0x58, RegisterAccess.READ_WRITE)
            .address("ADDRESS", 63, 2, "where the message of the event ring goes")
            .build();
    public static final RegisterLayout MSI_DATA = register("MSI_DATA", 0x60, RegisterAccess.READ_WRITE)
            .field("DATA", 31, 0, "what it says")
            .build();

    public static final BitField VERSION = ID.field("VERSION");
    public static final BitField PASID_BITS = ID.field("PASID_BITS");
    public static final BitField ENABLE = CONTROL.field("ENABLE");
    /** Of DEVICE_TABLE, COMMAND_RING and EVENT_RING. */
    public static final BitField ADDRESS = DEVICE_TABLE.field("ADDRESS");
    /** Of the heads and tails. */
    public static final BitField INDEX = COMMAND_TAIL.field("INDEX");

    public static final BitField ERROR = COMMAND_HEAD.field("ERROR");
    public static final BitField OVERFLOW = EVENT_STATUS.field("OVERFLOW");
    public static final BitField MESSAGE_ADDRESS = MSI_ADDRESS.field("ADDRESS");
    public static final BitField MESSAGE_DATA = MSI_DATA.field("DATA");

    private Registers() {}

    private static RegisterLayout.Builder register(String name, long offset, RegisterAccess access) {
        return RegisterLayout.builder(name, offset, Long.SIZE, access, "Acme, registers");
    }

    private static RegisterLayout pointer(String name, long offset) {
        return register(name, offset, RegisterAccess.READ_WRITE)
                .address("ADDRESS", 51, 12, "a frame")
                .build();
    }

    private static RegisterLayout index(String name, long offset, RegisterAccess access) {
        return register(name, offset, access)
                .field("INDEX", 7, 0, "an entry of the ring")
                .build();
    }
}
