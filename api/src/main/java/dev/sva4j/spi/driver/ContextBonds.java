package dev.sva4j.spi.driver;

import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The table entries that refer to an address space now, and so the caches that an invalidation of it must reach: a bond is in
 * it from before its entry is valid until its translations are gone from every cache.
 *
 * <p>Thread-safe.
 *
 * @param <B> what names an entry
 * @since 0.2.0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
public final class ContextBonds<B> {
    /** Immutable lists, replaced under the monitor of this object; read by any thread. */
    private volatile List<B> bonds = List.of();

    /** Whether core has closed the context. Guarded by the monitor of this object. */
    private boolean closed;

    /** Nothing refers to it. */
    public ContextBonds() {}

    /** Those there are now. */
    public List<B> list() {
        return bonds;
    }

    /**
     * Adds one.
     *
     * @throws IllegalStateException if the context is closed
     */
    public synchronized void add(B bond) {
        if (closed) {
            throw new IllegalStateException("the context of " + bond + " is closed");
        }
        List<B> copy = new ArrayList<>(bonds);
        copy.add(bond);
        bonds = List.copyOf(copy);
    }

    /**
     * Removes a bond of which no cache knows any more.
     *
     * @return whether nobody has a use for the context's tag now
     */
    public synchronized boolean remove(B bond) {
        List<B> copy = new ArrayList<>(bonds);
        copy.remove(bond);
        bonds = List.copyOf(copy);
        return closed && copy.isEmpty();
    }

    /**
     * Core closes the context. Bonds that are left then are those that could not be cleared in time; they keep the tag from
     * others.
     *
     * @return whether nobody has a use for the tag now
     * @throws IllegalStateException if it is closed
     */
    public synchronized boolean close() {
        if (closed) {
            throw new IllegalStateException("the context is closed");
        }
        closed = true;
        return bonds.isEmpty();
    }
}
