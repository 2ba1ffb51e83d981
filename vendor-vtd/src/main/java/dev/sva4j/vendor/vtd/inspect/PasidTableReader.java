package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.spi.inspect.TableOverlap;
import dev.sva4j.vendor.vtd.layout.PasidDirectoryEntry;
import dev.sva4j.vendor.vtd.layout.PasidTable;
import dev.sva4j.vendor.vtd.layout.PasidTableEntry;

/** Finds the PASID table entries of one context (VT-d 3.4.3). */
final class PasidTableReader {
    private static final int DIRECTORY_ENTRY_BYTES = PasidDirectoryEntry.LAYOUT.bytes();
    private static final int ENTRY_BYTES = PasidTableEntry.LAYOUT.bytes();

    private final PhysicalMemory memory;
    private final ScalableContext context;

    PasidTableReader(PhysicalMemory memory, ScalableContext context) {
        this.memory = memory;
        this.context = context;
    }

    /** Receives entries. */
    @FunctionalInterface
    interface Visitor {
        void entry(int pasid, PasidEntry entry);
    }

    /**
     * Visits the entries that are in the image and not empty, in ascending order of PASIDs.
     *
     * @return whether all of the tables are there
     */
    boolean forEach(LookLimit limit, Visitor visitor) {
        long directory = context.directory();
        int bytes = context.directoryBytes();
        boolean[] complete = {PresentEntries.isComplete(memory, directory, bytes)};
        PresentEntries.forEach(memory, directory, bytes, DIRECTORY_ENTRY_BYTES, address -> {
            limit.spend(1);
            long word = memory.loadAcquire(address);
            long table = PasidDirectoryEntry.SMPTBLPTR.getAddress(word);
            if (PasidDirectoryEntry.P.isSet(word) && ImageRegisters.isHostAddress(table)) {
                TableOverlap.refuse(
                        "a PASID directory", directory, bytes, "directory entry", address, table, PasidTable.BYTES);
                int index = (int) ((address - directory) / DIRECTORY_ENTRY_BYTES);
                complete[0] &= forEach(table, index, limit, visitor);
            }
            return true;
        });
        return complete[0];
    }

    private boolean forEach(long table, int directoryIndex, LookLimit limit, Visitor visitor) {
        PresentEntries.forEach(memory, table, PasidTable.BYTES, ENTRY_BYTES, address -> {
            limit.spend(1);
            PasidEntry entry = PasidEntry.read(memory, address);
            if (entry.isPresent() || entry.isSilent()) {
                visitor.entry(PasidTable.pasid(directoryIndex, (int) ((address - table) / ENTRY_BYTES)), entry);
            }
            return true;
        });
        return PresentEntries.isComplete(memory, table, PasidTable.BYTES);
    }

    /** What leads to the entry of a PASID, and the entry. */
    record Found(boolean directoryPresent, boolean directorySilent, PasidEntry entry) {
        boolean isPresent() {
            return directoryPresent && entry.isPresent();
        }

        /** Whether any FPD on the way keeps faults from being recorded. */
        boolean isSilent() {
            return directorySilent || entry.isSilent();
        }
    }

    /**
     * The entry of a PASID, which the directory has room for.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if it, or what leads to it, is not in the image
     */
    Found find(int pasid) {
        long word = memory.loadAcquire(PasidTable.directoryEntryAddress(context.directory(), pasid));
        long table = PasidDirectoryEntry.SMPTBLPTR.getAddress(word);
        boolean present = PasidDirectoryEntry.P.isSet(word) && ImageRegisters.isHostAddress(table);
        return new Found(
                present,
                PasidDirectoryEntry.FPD.isSet(word),
                present ? PasidEntry.read(memory, PasidTable.entryAddress(table, pasid)) : new PasidEntry(0, 0));
    }
}
