package dev.sva4j.spi.driver;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The second level of a table: leaf tables that are allocated when an entry in them is first needed, and stay.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class LeafTables {
    /** A leaf table. */
    private static final class Leaf {
        private final long address;

        /**
         * Whether no cache holds the first-level descriptor from before there was a leaf table: hardware may cache that
         * it was invalid. Until then whoever writes an entry of this leaf invalidates the descriptor too, as another's
         * invalidation may not have got that far. Any thread; only ever becomes true.
         */
        private volatile boolean settled;

        private Leaf(long address) {
            this.address = address;
        }
    }

    /**
     * Where an entry is.
     *
     * @since 0.0.1
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
    public static final class Slot {
        private final long address;

        /** Null if the table has one level. */
        private final @Nullable Leaf leaf;

        private Slot(long address, @Nullable Leaf leaf) {
            this.address = address;
            this.leaf = leaf;
        }

        /** An entry of a table without a first level. */
        public static Slot ofLinear(long address) {
            return new Slot(address, null);
        }

        /** Physical address of the entry. */
        public long address() {
            return address;
        }

        /** Whether an invalidation may leave the first-level descriptor alone. */
        public boolean isSettled() {
            return leaf == null || leaf.settled;
        }

        /** The first-level descriptor has been invalidated, and the invalidation has completed. */
        public void settle() {
            if (leaf != null) {
                leaf.settled = true;
            }
        }
    }

    /** Held while a leaf table is allocated and hooked in, never at a wait. */
    private final Object lock = new Object();

    /** By index of the first-level descriptor; set once each, under {@link #lock}. */
    private final AtomicReferenceArray<@Nullable Leaf> leaves;

    /**
     * There is no leaf table yet.
     *
     * @param count entries of the first level
     */
    public LeafTables(int count) {
        this.leaves = new AtomicReferenceArray<>(count);
    }

    /**
     * Finds an entry.
     *
     * @param index of the first-level descriptor
     * @param create allocates the leaf table, fills it, and only then stores the descriptor; if it throws, nothing has
     *     changed
     * @param offset of the entry in the leaf table
     */
    public Slot slot(int index, LongSupplier create, long offset) {
        Leaf leaf;
        synchronized (lock) {
            leaf = leaves.get(index);
            if (leaf == null) {
                leaf = new Leaf(create.getAsLong());
                leaves.set(index, leaf);
            }
        }
        return new Slot(leaf.address + offset, leaf);
    }

    /** Returns all leaf tables. Nothing refers to them any more. */
    public void free(TableMemory memory) {
        for (int i = 0; i < leaves.length(); i++) {
            Leaf leaf = leaves.get(i);
            if (leaf != null) {
                memory.free(leaf.address);
            }
        }
    }
}
