package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.driver.ContextBonds;
import dev.sva4j.spi.pagetable.X86_64;
import org.jspecify.annotations.Nullable;

/**
 * An address space with its domain id (DID), and the PASID table entries that refer to it now.
 *
 * <p>Linux gives every process the same DID, 1, and tells them apart by PASID alone. Here each open context has its own, as
 * the contract wants it: a number may serve another process under the same PASID while caches still know the old one, and
 * one that an invalidation missed must not be taken for the new one's.
 */
final class VtdContext implements TranslationContext {
    /**
     * The domain of pass-through entries. 0 is never used: with CM = 1 it tags what is cached of absent entries. A domain of
     * pass-through or first-stage entries must not have second-stage ones as well (VT-d 6.2.3.1); there are none.
     */
    static final int PASS_THROUGH_DID = 1;

    /** The first domain that is given to a context. */
    static final int FIRST_DID = 2;

    private final RemappingUnit owner;

    /** Null for pass-through, which has no tables. */
    private final @Nullable X86_64 format;

    private final long root;
    private final int did;

    private final ContextBonds<Bond> bonds = new ContextBonds<>();

    private VtdContext(RemappingUnit owner, @Nullable X86_64 format, long root, int did) {
        this.owner = owner;
        this.format = format;
        this.root = root;
        this.did = did;
    }

    static VtdContext translating(RemappingUnit owner, X86_64 format, long root, int did) {
        return new VtdContext(owner, format, root, did);
    }

    /** Device addresses are physical addresses. Never closed. */
    static VtdContext passThrough(RemappingUnit owner) {
        return new VtdContext(owner, null, 0, PASS_THROUGH_DID);
    }

    /** The unit whose DID it has. */
    RemappingUnit owner() {
        return owner;
    }

    /** How its tables are written; null for pass-through. */
    @Nullable
    X86_64 format() {
        return format;
    }

    int did() {
        return did;
    }

    /** Whose caches an invalidation must reach. */
    ContextBonds<Bond> bonds() {
        return bonds;
    }

    @Override
    public long root() {
        return root;
    }

    /** Without second stage the DID is all of the tag. */
    @Override
    public String tag() {
        return "DID " + did;
    }

    @Override
    public String toString() {
        return (format == null ? "pass-through" : format.name() + " at 0x" + Long.toHexString(root)) + ", " + tag();
    }
}
