package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.hardware.StructureFetch;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.PasidDirectoryEntry;
import dev.sva4j.vendor.vtd.layout.PasidTable;
import dev.sva4j.vendor.vtd.layout.PasidTableEntry;

/**
 * From a PASID to its entry (3.4.3), through the PASID directory of a function, with the PASID cache.
 *
 * <p>Hardware may fetch an entry in pieces of 16 bytes in any order; the piece with P comes first here. With caching
 * mode 0, software that sets P last owes no invalidation (6.2.2.1), so hardware that read P last could keep for good
 * what it had read before the entry was there.
 */
final class PasidWalk {
    private final StructureFetch memory;
    private final Features features;
    private final Caches caches;
    private final boolean speculative;

    PasidWalk(StructureFetch memory, Features features, Caches caches, Behaviour behaviour) {
        this.memory = memory;
        this.features = features;
        this.caches = caches;
        this.speculative = behaviour.speculativeFill();
    }

    /**
     * The entry of a PASID, from the cache or from memory; faulty if there is none.
     *
     * @param context scalable, not faulty; the PASID is within its directory
     * @param epoch sampled before anything else was looked at
     */
    TranslationEntry find(ContextEntry context, int pasid, long epoch) {
        TranslationEntry cached = caches.pasids.find(Caches.key(context.sid, pasid));
        if (cached != null) {
            return cached;
        }
        TranslationEntry found = fetch(context, pasid, epoch);
        int neighbour = pasid ^ 1;
        if (speculative && caches.pasids.find(Caches.key(context.sid, neighbour)) == null) {
            fetch(context, neighbour, epoch);
        }
        return found;
    }

    private TranslationEntry fetch(ContextEntry context, int pasid, long epoch) {
        long[] directory = memory.read(
                PasidTable.directoryEntryAddress(context.directory, pasid), PasidDirectoryEntry.LAYOUT.words());
        if (directory == null) {
            return TranslationEntry.faulty(FaultReason.SPD_1, false);
        }
        boolean fpd = PasidDirectoryEntry.FPD.isSet(directory[0]);
        if (!PasidDirectoryEntry.P.isSet(directory[0])) {
            return TranslationEntry.faulty(FaultReason.SPD_2, fpd);
        }
        long table = PasidDirectoryEntry.SMPTBLPTR.getAddress(directory[0]);
        if (PasidDirectoryEntry.LAYOUT.hasReservedBitsSet(directory) || !features.isHostAddress(table)) {
            return TranslationEntry.faulty(FaultReason.SPD_3, fpd);
        }
        long[] words = memory.read(PasidTable.entryAddress(table, pasid), PasidTableEntry.LAYOUT.words(), 1);
        if (words == null) {
            return TranslationEntry.faulty(FaultReason.SPT_1, fpd);
        }
        TranslationEntry entry = TranslationEntry.decode(pasid, words, fpd, features);
        if (entry.fault == 0) {
            caches.pasids.fill(Caches.key(context.sid, pasid), entry, epoch);
        }
        return entry;
    }
}
