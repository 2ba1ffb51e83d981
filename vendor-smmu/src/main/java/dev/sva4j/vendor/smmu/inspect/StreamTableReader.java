package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.spi.inspect.TableOverlap;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds stream table entries (IHI 0070 §3.3.1, §5.1). */
final class StreamTableReader {
    /** For messages. */
    static final String TABLE = "the stream table";

    private static final int STE_BYTES = StreamTableEntry.LAYOUT.bytes();
    private static final int L1STD_BYTES = L1StreamTableDescriptor.LAYOUT.bytes();

    private final PhysicalMemory memory;
    private final ImageRegisters registers;
    private final long base;
    private final int split;

    StreamTableReader(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.registers = registers;
        this.base = registers.base();
        this.split = registers.split();
    }

    /** Visits the entries in the image that are valid and do not simply abort, in ascending order of StreamIDs. */
    void forEachActive(LookLimit limit, Consumer<StreamEntry> visitor) {
        long streams = 1L << registers.log2Streams();
        if (!registers.isTwoLevel()) {
            forEachActive(base, 0, streams, limit, visitor);
            return;
        }
        PresentEntries.forEach(memory, base, registers.tableBytes(), L1STD_BYTES, address -> {
            long descriptor = memory.loadAcquire(address);
            long firstSid = ((address - base) / L1STD_BYTES) << split;
            long entries = Math.min(secondLevelEntries(descriptor), streams - firstSid);
            limit.spend(1);
            if (entries > 0) {
                long table = L1StreamTableDescriptor.table(descriptor);
                TableOverlap.refuse(TABLE, base, registers.tableBytes(), "L1STD", address, table, entries * STE_BYTES);
                forEachActive(table, firstSid, entries, limit, visitor);
            }
            return true;
        });
    }

    private void forEachActive(
            long table, long firstSid, long entries, LookLimit limit, Consumer<StreamEntry> visitor) {
        PresentEntries.forEach(memory, table, entries * STE_BYTES, STE_BYTES, address -> {
            limit.spend(1);
            if (StreamEntry.isActive(memory.loadAcquire(address))) {
                visitor.accept(StreamEntry.read(memory, (int) (firstSid + (address - table) / STE_BYTES), address));
            }
            return true;
        });
    }

    /** A Span that reaches beyond the split makes the descriptor as invalid as no Span at all (IHI 0070 §5.1). */
    private long secondLevelEntries(long descriptor) {
        long entries = L1StreamTableDescriptor.entries(descriptor);
        return entries > 1L << split ? 0 : entries;
    }

    /**
     * The entry of a StreamID, valid or not; null if the table has none.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if it, or what leads to it, is not in the image
     */
    @Nullable
    StreamEntry find(int sid) {
        long stream = Integer.toUnsignedLong(sid);
        if (!StreamTable.contains(stream, registers.log2Streams())) {
            return null;
        }
        if (!registers.isTwoLevel()) {
            return StreamEntry.read(memory, sid, StreamTable.linearAddress(base, stream));
        }
        long descriptor = memory.loadAcquire(StreamTable.l1Address(base, stream, split));
        if (StreamTable.l2Index(stream, split) >= secondLevelEntries(descriptor)) {
            return null;
        }
        return StreamEntry.read(
                memory, sid, StreamTable.l2Address(L1StreamTableDescriptor.table(descriptor), stream, split));
    }
}
