package dev.sva4j.core.bond;

import dev.sva4j.core.mm.ProcessMm;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The bonds of every address space that has ever been bound and still has a reference. Thread-safe. */
public final class BondDirectory {
    private final BondServices services;
    private final ConcurrentMap<ProcessMm, MmBonds> byMm = new ConcurrentHashMap<>();

    public BondDirectory(BondServices services) {
        this.services = services;
    }

    BondServices services() {
        return services;
    }

    /** Whether {@code mm} is of this system. */
    boolean serves(ProcessMm mm) {
        return mm.listeners() == services.listeners();
    }

    /**
     * The bonds of {@code mm}; registered as its notifier before anyone sees them. The caller holds a reference or a
     * users count.
     */
    MmBonds bondsOf(ProcessMm mm) {
        return byMm.computeIfAbsent(mm, key -> {
            MmBonds created = new MmBonds(key, services);
            key.setNotifier(created);
            return created;
        });
    }

    /** Nothing refers to {@code mm} any more: its PASID goes back. */
    public void forget(ProcessMm mm) {
        byMm.remove(mm);
        int pasid = mm.pasid();
        if (pasid > 0) {
            services.pasids().freeOfProcess(pasid);
            services.listeners().pasidFreed(pasid);
        }
    }
}
