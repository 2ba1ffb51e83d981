package dev.sva4j.core.bond;

import dev.sva4j.api.IoDomain;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.TranslationContext;

/**
 * An address space of one driver behind a private PASID of its device. Thread-safe.
 *
 * <p>Order as for bonds: tables and context before the entry; at the end entry empty → page requests drained → context
 * closed → tables freed → PASID given back.
 */
final class PrivateDomain implements IoDomain {
    private final String name;
    private final BoundDevice device;
    private final BondServices services;
    private final BondEntry entry;
    private final PagingTables tables;

    // Held while it ends, so that whoever closes it too returns when it is over.
    private final EntryMutex ending;
    // Guarded by that.
    private boolean closed;

    private PrivateDomain(
            String name, BoundDevice device, BondServices services, BondEntry entry, PagingTables tables) {
        this.name = name;
        this.device = device;
        this.services = services;
        this.entry = entry;
        this.tables = tables;
        this.ending = new EntryMutex("private domain " + name, services.scheduler());
    }

    /** Opens one; all or nothing. */
    static PrivateDomain open(String name, BoundDevice device, BondServices services) {
        int pasid = services.pasids().allocatePrivate(device.pasids(), "private domain " + name);
        try {
            PagingTables tables = PagingTables.create(
                    "private domain " + name, device.unit().driver().domainFormat(true), services);
            try {
                PrivateDomain domain = new PrivateDomain(name, device, services, device.entry(pasid), tables);
                domain.writeEntry();
                return domain;
            } catch (RuntimeException e) {
                tables.destroy();
                throw e;
            }
        } catch (RuntimeException e) {
            services.pasids().release(pasid);
            throw e;
        }
    }

    private void writeEntry() {
        TranslationContext context = tables.open(device);
        try {
            entry.set(context, false);
        } catch (RuntimeException e) {
            Failures further = new Failures();
            if (e instanceof SvaException timeOut && timeOut.error() == SvaError.TIMED_OUT) {
                // The entry may be visible: it is taken out the way every entry is.
                device.fence("the IOMMU did not confirm the entry of " + entry);
                emptyEntry(further);
            }
            tables.close(device, further);
            further.addTo(e);
            throw e;
        }
    }

    private void emptyEntry(Failures failures) {
        failures.attempt(entry::clear, () -> device.fence("the IOMMU did not confirm that " + entry + " was cleared"));
        device.drain(entry, failures);
    }

    @Override
    public Kind kind() {
        return Kind.PAGING;
    }

    @Override
    public int pasid() {
        return entry.pasid();
    }

    @Override
    public void map(long iova, long pa, long size, Protection protection) {
        tables.map(iova, pa, size, protection);
    }

    @Override
    public long unmap(long iova, long size) {
        return tables.unmap(iova, size);
    }

    @Override
    public void close() {
        Failures failures = new Failures();
        ending.acquire();
        try {
            if (closed) {
                return;
            }
            closed = true;
            emptyEntry(failures);
            tables.close(device, failures);
            tables.destroy();
            device.remove(this);
            // Last: the number may be somebody else's from now on.
            services.pasids().release(pasid());
        } finally {
            ending.release();
        }
        failures.throwFirst();
    }

    @Override
    public String toString() {
        return "private domain " + name + " of " + device.spec().name() + " (" + entry + ")";
    }
}
