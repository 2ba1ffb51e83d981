package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.spi.inspect.TableOverlap;
import dev.sva4j.vendor.vtd.layout.LegacyContextEntry;
import dev.sva4j.vendor.vtd.layout.LegacyRootEntry;
import dev.sva4j.vendor.vtd.layout.RequesterId;
import dev.sva4j.vendor.vtd.layout.RootTable;
import dev.sva4j.vendor.vtd.layout.ScalableContextEntry;
import dev.sva4j.vendor.vtd.layout.ScalableRootEntry;
import java.util.OptionalLong;

/** Finds context entries (VT-d 3.4): those of a bus in one table, or in scalable mode in two. */
final class ContextTableReader {
    private static final int ROOT_ENTRY_BYTES = ScalableRootEntry.LAYOUT.bytes();

    private final PhysicalMemory memory;
    private final long rootTable;
    private final boolean scalable;

    ContextTableReader(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.rootTable = registers.rootTable();
        this.scalable = registers.isScalable();
    }

    /** Receives the addresses of context entries. */
    @FunctionalInterface
    interface Visitor {
        void context(int sid, long address);
    }

    /** Visits the entries in the image whose table is present, in ascending order of requesters. */
    void forEach(LookLimit limit, Visitor visitor) {
        PresentEntries.forEach(memory, rootTable, RootTable.BYTES, ROOT_ENTRY_BYTES, address -> {
            limit.spend(1);
            int bus = (int) ((address - rootTable) / ROOT_ENTRY_BYTES);
            if (!scalable) {
                long word = memory.loadAcquire(address);
                if (LegacyRootEntry.P.isSet(word)) {
                    forEach(address, LegacyRootEntry.CTP.getAddress(word), RequesterId.of(bus, 0), limit, visitor);
                }
                return true;
            }
            int upper = RequesterId.of(bus, RootTable.SCALABLE_CONTEXT_ENTRIES);
            long lower = memory.loadAcquire(address);
            if (ScalableRootEntry.LP.isSet(lower)) {
                forEach(address, ScalableRootEntry.LCTP.getAddress(lower), RequesterId.of(bus, 0), limit, visitor);
            }
            long higher = memory.loadAcquire(address + Long.BYTES);
            if (ScalableRootEntry.UP.isSet(higher)) {
                forEach(address, ScalableRootEntry.UCTP.getAddress(higher), upper, limit, visitor);
            }
            return true;
        });
    }

    private void forEach(long rootEntry, long table, int firstSid, LookLimit limit, Visitor visitor) {
        if (!ImageRegisters.isHostAddress(table)) {
            return;
        }
        TableOverlap.refuse(
                ImageRegisters.TABLE, rootTable, RootTable.BYTES, "root entry", rootEntry, table, RootTable.BYTES);
        int entryBytes = scalable ? ScalableContextEntry.LAYOUT.bytes() : LegacyContextEntry.LAYOUT.bytes();
        PresentEntries.forEach(memory, table, RootTable.BYTES, entryBytes, address -> {
            limit.spend(1);
            visitor.context(firstSid + (int) ((address - table) / entryBytes), address);
            return true;
        });
    }

    /**
     * Address of the context entry of a requester; empty if its bus, or half of a bus, has none.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if what leads to it is not in the image
     */
    OptionalLong find(int sid) {
        if (sid != (sid & 0xffff)) {
            return OptionalLong.empty();
        }
        long rootEntry = RootTable.entryAddress(rootTable, sid);
        if (!scalable) {
            long word = memory.loadAcquire(rootEntry);
            long table = LegacyRootEntry.CTP.getAddress(word);
            return LegacyRootEntry.P.isSet(word) && ImageRegisters.isHostAddress(table)
                    ? OptionalLong.of(RootTable.legacyContextAddress(table, sid))
                    : OptionalLong.empty();
        }
        // Both halves of an entry have one shape.
        long half = memory.loadAcquire(RootTable.isUpper(sid) ? rootEntry + Long.BYTES : rootEntry);
        long table = ScalableRootEntry.LCTP.getAddress(half);
        return ScalableRootEntry.LP.isSet(half) && ImageRegisters.isHostAddress(table)
                ? OptionalLong.of(RootTable.scalableContextAddress(table, sid))
                : OptionalLong.empty();
    }
}
