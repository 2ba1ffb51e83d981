package dev.sva4j.core.pasid;

import dev.sva4j.api.PasidAllocator;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.schedule.AuditedLock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The PASID space of a system: who owns which number, over a bitmap that knows which are taken.
 *
 * <p>Thread-safe. Numbers of processes come and go without a lock; private ones, which are counted, under one.
 */
public final class PasidSpace implements PasidAllocator {
    private enum Kind {
        PROCESS,
        PRIVATE,
        RESERVED
    }

    private record Owner(Kind kind, String name) {}

    private final PasidBitmap taken = new PasidBitmap(PasidBitmap.MAX_CAPACITY);

    // Entry of a number: written after the bitmap gave it out, removed before it goes back.
    private final ConcurrentMap<Integer, Owner> owners = new ConcurrentHashMap<>();

    private final AtomicInteger inUse = new AtomicInteger();

    private final AuditedLock lock = new AuditedLock("private PASIDs");
    // Guarded by lock: holders of private PASIDs.
    private final Map<Integer, Integer> holders = new HashMap<>();

    /** Every number is free. */
    public PasidSpace() {}

    /**
     * Gives a process its number.
     *
     * @throws SvaException NO_SPACE
     */
    public int allocateForProcess(PasidRange range, String process) {
        return allocate(range, new Owner(Kind.PROCESS, process));
    }

    /** Takes back the number of a process. */
    public void freeOfProcess(int pasid) {
        give(pasid);
    }

    private int allocate(PasidRange range, Owner owner) {
        int pasid = range.isEmpty() ? PasidBitmap.NONE : taken.allocate(range.min(), range.max());
        if (pasid == PasidBitmap.NONE) {
            throw new SvaException(
                    SvaError.NO_SPACE,
                    String.format(
                            "no PASID left in %s for %s; unbind and close what holds one, or widen the range",
                            range, owner.name));
        }
        owners.put(pasid, owner);
        inUse.incrementAndGet();
        return pasid;
    }

    private void give(int pasid) {
        owners.remove(pasid);
        inUse.decrementAndGet();
        if (!taken.free(pasid)) {
            throw new IllegalStateException("PASID " + pasid + " was given back twice");
        }
    }

    @Override
    public int allocatePrivate(PasidRange range, String owner) {
        lock.lock();
        try {
            int pasid = allocate(range, new Owner(Kind.PRIVATE, owner));
            holders.put(pasid, 1);
            return pasid;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void retain(int pasid) {
        lock.lock();
        try {
            requirePrivate(pasid);
            holders.merge(pasid, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(int pasid) {
        lock.lock();
        try {
            requirePrivate(pasid);
            if (holders.merge(pasid, -1, Integer::sum) == 0) {
                holders.remove(pasid);
                give(pasid);
            }
        } finally {
            lock.unlock();
        }
    }

    private void requirePrivate(int pasid) {
        if (!holders.containsKey(pasid)) {
            throw new SvaException(
                    SvaError.NOT_FOUND,
                    "PASID " + pasid + " is not a private one"
                            + owner(pasid)
                                    .map(name -> " but belongs to " + name)
                                    .orElse("; it is free"));
        }
    }

    @Override
    public void reserve(PasidRange range, String owner) {
        for (int pasid = range.min(); pasid <= range.max(); pasid++) {
            if (!taken.reserve(pasid)) {
                String holder = owner(pasid).orElse("somebody");
                for (int undo = range.min(); undo < pasid; undo++) {
                    owners.remove(undo);
                    taken.free(undo);
                }
                throw new SvaException(
                        SvaError.BUSY,
                        String.format(
                                "cannot reserve PASIDs %s for %s: %d belongs to %s", range, owner, pasid, holder));
            }
            owners.put(pasid, new Owner(Kind.RESERVED, owner));
        }
    }

    @Override
    public Optional<String> owner(int pasid) {
        return Optional.ofNullable(owners.get(pasid)).map(Owner::name);
    }

    @Override
    public int allocated() {
        return inUse.get();
    }
}
