package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.driver.ContextBonds;
import dev.sva4j.spi.pagetable.Vmsav8_64;

/** An address space with its ASID, and the CDs that refer to it now. */
final class SmmuContext implements TranslationContext {
    private final Smmu owner;
    private final Vmsav8_64 format;
    private final long root;
    private final int asid;

    private final ContextBonds<Bond> bonds = new ContextBonds<>();

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

    /** Whose caches an invalidation must reach. */
    ContextBonds<Bond> bonds() {
        return bonds;
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
