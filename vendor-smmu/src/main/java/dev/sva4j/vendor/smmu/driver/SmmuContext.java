package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import java.util.ArrayList;
import java.util.List;

/** An address space with its ASID, and the CDs that refer to it now. */
final class SmmuContext implements TranslationContext {
    private final Smmu owner;
    private final Vmsav8_64 format;
    private final long root;
    private final int asid;

    /**
     * Whose caches an invalidation must reach: a bond is in it from before its CD is valid until its translations are
     * gone from every cache. Immutable lists, replaced under the monitor of this object; read by any thread.
     */
    private volatile List<Bond> bonds = List.of();

    /** Whether core has closed it. Guarded by the monitor of this object. */
    private boolean closed;

    SmmuContext(Smmu owner, Vmsav8_64 format, long root, int asid) {
        this.owner = owner;
        this.format = format;
        this.root = root;
        this.asid = asid;
    }

    /** The SMMU whose ASID it has. */
    Smmu owner() {
        return owner;
    }

    Vmsav8_64 format() {
        return format;
    }

    int asid() {
        return asid;
    }

    List<Bond> bonds() {
        return bonds;
    }

    synchronized void add(Bond bond) {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        List<Bond> copy = new ArrayList<>(bonds);
        copy.add(bond);
        bonds = List.copyOf(copy);
    }

    /**
     * Removes a bond of which no cache knows any more.
     *
     * @return whether nobody has a use for the ASID now
     */
    synchronized boolean remove(Bond bond) {
        List<Bond> copy = new ArrayList<>(bonds);
        copy.remove(bond);
        bonds = List.copyOf(copy);
        return closed && copy.isEmpty();
    }

    /**
     * Core closes it. Bonds that are left then are those that could not be cleared in time; they keep the ASID from
     * others.
     *
     * @return whether nobody has a use for the ASID now
     */
    synchronized boolean close() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        closed = true;
        return bonds.isEmpty();
    }

    @Override
    public long root() {
        return root;
    }

    /** Without stage 2 the VMID is always 0, so the ASID is all of the tag. */
    @Override
    public String tag() {
        return "ASID " + asid;
    }

    @Override
    public String toString() {
        return format.name() + " at 0x" + Long.toHexString(root) + ", " + tag();
    }
}
