package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.spi.inspect.TableOverlap;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.ContextDescriptorTable;
import dev.sva4j.vendor.smmu.layout.L1ContextDescriptor;
import org.jspecify.annotations.Nullable;

/** Finds the context descriptors of one stream (IHI 0070 §5.3). */
final class ContextTableReader {
    private static final int CD_BYTES = ContextDescriptor.LAYOUT.bytes();
    private static final int L1CD_BYTES = L1ContextDescriptor.LAYOUT.bytes();

    private final PhysicalMemory memory;
    private final long root;
    private final int log2Contexts;
    private final int format;

    ContextTableReader(PhysicalMemory memory, StreamEntry stream) {
        this.memory = memory;
        this.root = stream.contextPtr();
        this.log2Contexts = stream.log2Contexts();
        this.format = stream.format();
    }

    /** Receives descriptors. */
    @FunctionalInterface
    interface Visitor {
        void context(int ssid, ContextEntry entry);
    }

    /**
     * Visits the valid descriptors that are in the image, in ascending order of SubstreamIDs.
     *
     * @return whether all of the table is there
     */
    boolean forEachValid(LookLimit limit, Visitor visitor) {
        long contexts = 1L << log2Contexts;
        if (!ContextDescriptorTable.isTwoLevel(log2Contexts, format)) {
            return forEachValid(root, 0, contexts, limit, visitor);
        }
        long leafEntries = ContextDescriptorTable.leafEntries(format);
        long rootBytes = Math.max(1, contexts / leafEntries) * L1CD_BYTES;
        boolean[] complete = {PresentEntries.isComplete(memory, root, rootBytes)};
        PresentEntries.forEach(memory, root, rootBytes, L1CD_BYTES, address -> {
            limit.spend(1);
            long descriptor = memory.loadAcquire(address);
            if (L1ContextDescriptor.V.isSet(descriptor)) {
                long leaf = leafTable(descriptor);
                TableOverlap.refuse(
                        "a context descriptor table",
                        root,
                        rootBytes,
                        "L1CD",
                        address,
                        leaf,
                        ContextDescriptorTable.leafBytes(format));
                long firstSsid = (address - root) / L1CD_BYTES * leafEntries;
                complete[0] &= forEachValid(leaf, firstSsid, Math.min(leafEntries, contexts), limit, visitor);
            }
            return true;
        });
        return complete[0];
    }

    private boolean forEachValid(long table, long firstSsid, long entries, LookLimit limit, Visitor visitor) {
        PresentEntries.forEach(memory, table, entries * CD_BYTES, CD_BYTES, address -> {
            limit.spend(1);
            if (ContextDescriptor.V.isSet(memory.loadAcquire(address))) {
                visitor.context((int) (firstSsid + (address - table) / CD_BYTES), ContextEntry.read(memory, address));
            }
            return true;
        });
        return PresentEntries.isComplete(memory, table, entries * CD_BYTES);
    }

    /** The leaf table that an L1CD points to, aligned to its size as hardware takes it. */
    private long leafTable(long descriptor) {
        return L1ContextDescriptor.L2_PTR.getAddress(descriptor) & -ContextDescriptorTable.leafBytes(format);
    }

    /**
     * The descriptor of a SubstreamID, valid or not; null if the table has none.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if it, or what leads to it, is not in the image
     */
    @Nullable
    ContextEntry find(int ssid) {
        if (!ContextDescriptorTable.contains(ssid, log2Contexts)) {
            return null;
        }
        long first = ContextDescriptorTable.firstAddress(root, ssid, log2Contexts, format);
        if (!ContextDescriptorTable.isTwoLevel(log2Contexts, format)) {
            return ContextEntry.read(memory, first);
        }
        long descriptor = memory.loadAcquire(first);
        if (!L1ContextDescriptor.V.isSet(descriptor)) {
            return null;
        }
        return ContextEntry.read(memory, ContextDescriptorTable.leafAddress(leafTable(descriptor), ssid, format));
    }
}
