package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.driver.CompletionRing;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.Command;
import dev.sva4j.vendor.amd.layout.CommandBufferRegisters;
import dev.sva4j.vendor.amd.layout.CompletionWait;
import dev.sva4j.vendor.amd.layout.Ring;
import dev.sva4j.vendor.amd.layout.StatusRegister;

/** The entries and registers of the command buffer (AMD-Vi 2.4, 3.3.13). A wait is a COMPLETION_WAIT that stores. */
final class CommandRing extends CompletionRing {
    /** 512 commands, as in Linux. */
    private static final int COM_LEN = 9;

    private final Unit unit;
    private final TableMemory memory;
    private final Control control;

    /** CMDBUF_BASE. */
    private final long base;

    private CommandRing(Unit unit, TableMemory memory, Control control, long base) {
        super(unit, memory, Ring.entries(base));
        this.unit = unit;
        this.memory = memory;
        this.control = control;
        this.base = base;
    }

    /** Allocates the buffer. */
    static CommandRing allocate(Unit unit, TableMemory memory, Control control) {
        long address = memory.allocate(Ring.bytes(Ring.encode(0, COM_LEN)), "the command buffer");
        return new CommandRing(unit, memory, control, Ring.encode(address, COM_LEN));
    }

    /** Programs base and pointers; commands are not executed yet. */
    void program() {
        unit.write(CommandBufferRegisters.CMDBUF_BASE, base);
        unit.write(CommandBufferRegisters.CMDBUF_HEAD, 0);
        unit.write(CommandBufferRegisters.CMDBUF_TAIL, 0);
    }

    /** Hardware stops at a command that it refuses, that it cannot read, or whose status it cannot store. */
    @Override
    protected boolean showsError() {
        return !StatusRegister.CMD_BUF_RUN.isSet(unit.read(StatusRegister.STATUS));
    }

    /**
     * That the head stays at the command which is to blame is not published; VirtualBox leaves it there, and nothing else would
     * let anybody go on. An event says what is wrong, but may be read later than this.
     */
    @Override
    protected void recover() {
        if (skipRefused("STATUS.CmdBufRun is 0", false)) {
            control.restartCommands(
                    () -> unit.write(CommandBufferRegisters.CMDBUF_HEAD, Ring.pointer(fetched(), base)));
            publish(produced());
        }
    }

    @Override
    protected void publish(long produced) {
        unit.write(CommandBufferRegisters.CMDBUF_TAIL, Ring.pointer(produced, base));
    }

    @Override
    protected long distanceFrom(long position) {
        return Ring.used(Ring.pointer(position, base), unit.read(CommandBufferRegisters.CMDBUF_HEAD), base);
    }

    @Override
    protected void store(long position, long word0, long word1) {
        memory.store(address(position), new long[] {word0, word1});
    }

    /** @param forPageRequests has no counterpart */
    @Override
    protected void storeWait(long position, long address, int data, boolean forPageRequests) {
        store(position, CompletionWait.storeWord0(address), Integer.toUnsignedLong(data));
    }

    private long address(long position) {
        return Ring.entryAddress(base, Ring.pointer(position, base));
    }

    @Override
    protected String describe(long position) {
        long address = address(position);
        return describe(memory.load(address), memory.load(address + Long.BYTES));
    }

    @Override
    protected String describe(long word0, long word1) {
        Command command = Command.of(word0);
        return String.format("%s %016x %016x", command == null ? "unknown command" : command.name(), word0, word1);
    }
}
