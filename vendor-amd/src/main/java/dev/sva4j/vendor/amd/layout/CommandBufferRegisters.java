package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * The command buffer (AMD-Vi 3.3, 3.3.13): software writes at the tail, hardware executes from the head. {@link Ring}
 * has the arithmetic. CMDBUF_BASE and CMDBUF_HEAD are only written while Status.CmdBufRun is 0.
 */
public final class CommandBufferRegisters {

    public static final RegisterLayout CMDBUF_BASE = RegisterLayout.builder(
                    "CMDBUF_BASE", 0x0008, 64, READ_WRITE, "AMD-Vi 3.3")
            .address("ComBase", 51, 12, "the buffer")
            .field("ComLen", 59, 56, "2^ComLen commands; less than 8 is reserved")
            .build();

    public static final RegisterLayout CMDBUF_HEAD = RegisterLayout.builder(
                    "CMDBUF_HEAD", 0x2000, 64, READ_WRITE, "AMD-Vi 3.3.13")
            .address("CmdHeadPtr", 18, 4, "offset of the next command that hardware executes")
            .build();

    public static final RegisterLayout CMDBUF_TAIL = RegisterLayout.builder(
                    "CMDBUF_TAIL", 0x2008, 64, READ_WRITE, "AMD-Vi 3.3.13")
            .address("CmdTailPtr", 18, 4, "offset of the next command that software writes")
            .build();

    public static final BitField COM_BASE = CMDBUF_BASE.field("ComBase");
    public static final BitField COM_LEN = CMDBUF_BASE.field("ComLen");
    public static final BitField CMD_HEAD_PTR = CMDBUF_HEAD.field("CmdHeadPtr");
    public static final BitField CMD_TAIL_PTR = CMDBUF_TAIL.field("CmdTailPtr");

    private CommandBufferRegisters() {}
}
