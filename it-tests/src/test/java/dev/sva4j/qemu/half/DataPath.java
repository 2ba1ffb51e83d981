package dev.sva4j.qemu.half;

import dev.sva4j.qemu.QemuException;
import dev.sva4j.qemu.half.AccessLog.Access;
import dev.sva4j.spi.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * Cuts reads and writes within one page into what the devices of QEMU can do, and finds out how they ended.
 *
 * <p>The first access goes alone: if it is refused, there is one record of it, as for a request that a bus delivers whole.
 *
 * <p>Not thread-safe.
 */
final class DataPath {
    private final BridgedMachine machine;
    private final PhysicalMemory memory;
    private final Supplier<AccessLog> settle;

    /**
     * The data path of a machine.
     *
     * @param memory what is memory and what is not
     * @param settle waits until everything that was posted is done
     */
    DataPath(BridgedMachine machine, PhysicalMemory memory, Supplier<AccessLog> settle) {
        this.machine = machine;
        this.memory = memory;
        this.settle = settle;
    }

    /** Writes at least {@link MessageWriter#ACCESS} bytes; returns whether all have arrived. */
    boolean write(MessageWriter by, long address, byte[] data, int offset, int length) {
        ByteBuffer source = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        int done = 0;
        int posted = 0;
        while (done < length) {
            // The last access reaches back over bytes that have been written, so that none beyond the end is.
            int at = Math.min(done, length - MessageWriter.ACCESS);
            by.write(machine.qtest(), address + at, source.getInt(offset + at));
            done = at + MessageWriter.ACCESS;
            posted++;
            if (done == MessageWriter.ACCESS || done == length || posted == CommandRingReader.MAX_COUNT) {
                if (!allPassed(settle.get(), posted, address)) {
                    return false;
                }
                posted = 0;
            }
        }
        return true;
    }

    /** Reads; returns whether all could be read. The aligned words around the bytes are read whole. */
    boolean read(CommandRingReader by, long address, byte[] data, int offset, int length) {
        int lead = (int) (address & (CommandRingReader.ACCESS - 1));
        int words = (lead + length + CommandRingReader.ACCESS - 1) / CommandRingReader.ACCESS;
        ByteBuffer read = ByteBuffer.allocate(words * CommandRingReader.ACCESS).order(ByteOrder.LITTLE_ENDIAN);
        while (read.hasRemaining()) {
            int left = read.remaining() / CommandRingReader.ACCESS;
            int count = read.position() == 0 ? 1 : Math.min(left, CommandRingReader.MAX_COUNT);
            by.read(machine.qtest(), address - lead + read.position(), count);
            AccessLog log = settle.get();
            if (!allPassed(log, count, address)) {
                return false;
            }
            log.words().forEach(read::putInt);
        }
        read.position(lead).get(data, offset, length);
        return true;
    }

    private boolean allPassed(AccessLog log, int expected, long page) {
        if (log.accesses().isEmpty() && machine.isSilent()) {
            return memory.contains(page & -CommandRingReader.ACCESS, CommandRingReader.ACCESS);
        }
        if (log.accesses().size() != expected) {
            throw new QemuException(expected + " accesses were made, but QEMU tells of " + log.accesses());
        }
        return log.accesses().stream().allMatch(this::reachesMemory);
    }

    private boolean reachesMemory(Access access) {
        return access.passed() && memory.contains(access.output(), CommandRingReader.ACCESS);
    }
}
