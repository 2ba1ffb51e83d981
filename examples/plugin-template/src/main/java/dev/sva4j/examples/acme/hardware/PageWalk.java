package dev.sva4j.examples.acme.hardware;

import static dev.sva4j.spi.pagetable.X86_64Layout.A;
import static dev.sva4j.spi.pagetable.X86_64Layout.ADDRESS_4K;
import static dev.sva4j.spi.pagetable.X86_64Layout.D;
import static dev.sva4j.spi.pagetable.X86_64Layout.P;
import static dev.sva4j.spi.pagetable.X86_64Layout.PS;

import dev.sva4j.examples.acme.layout.Event;
import dev.sva4j.examples.acme.layout.Paging;
import dev.sva4j.examples.acme.layout.PasidTable;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PhysicalMemory;

/**
 * The walk of x86-64 tables. Written from the manual, not with the engine in {@code spi.pagetable}, which wrote the tables:
 * only two readings of a format can check each other.
 */
final class PageWalk {
    private final PhysicalMemory memory;

    PageWalk(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** A {@link Leaf} that allows the operation, or a {@link Refusal}. */
    long walk(long entry, long address, Operation operation) {
        boolean stalls = PasidTable.STALL.isSet(entry);
        if (!Paging.isCanonical(address)) {
            return Refusal.of(Event.NOT_PRESENT, stalls);
        }
        try {
            return walk(PasidTable.ROOT.getAddress(entry), stalls, address, operation);
        } catch (MemoryAbortException e) {
            return Refusal.of(Event.WALK_ABORT, false);
        }
    }

    private long walk(long root, boolean stalls, long address, Operation operation) {
        long table = root;
        long rights = Leaf.UNRESTRICTED;
        int level = Paging.TOP;
        while (true) {
            long at = Paging.entryAddress(table, address, level);
            long word = memory.loadAcquire(at);
            if (!P.isSet(word)) {
                return Refusal.of(Event.NOT_PRESENT, stalls);
            }
            boolean isLeaf = level == 0 || (level <= Paging.LARGEST_LEAF && PS.isSet(word));
            long left = Leaf.restrict(rights, word);
            if (isLeaf && !Leaf.allows(left, operation)) {
                return Refusal.of(Event.PERMISSION, stalls);
            }
            boolean dirty = isLeaf && (D.isSet(word) || operation.writes());
            long used = A.put(dirty ? D.put(word, true) : word, true);
            if (used != word && !memory.compareAndSet(at, word, used)) {
                // The CPU was faster: look at what it has made of the entry.
                continue;
            }
            if (isLeaf) {
                return Leaf.of(ADDRESS_4K.getAddress(word), Paging.shift(level), left, dirty);
            }
            table = ADDRESS_4K.getAddress(word);
            rights = left;
            level--;
        }
    }
}
