package dev.sva4j.core.bond;

import dev.sva4j.api.Access;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.unit.IommuUnit;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.Mapping;
import dev.sva4j.spi.pagetable.PageTable;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Page tables of a driver's own, the devices that translate through them, and a context for each IOMMU among those.
 * What they map belongs to the caller.
 *
 * <p>Thread-safe: every call holds the mutex from its first look to its last command. So a page that is being taken out
 * is not mapped anew before every device has forgotten it, and no context is closed under an invalidation.
 */
final class PagingTables {
    private final String name;
    private final BondServices services;
    private final PageTable table;
    private final EntryMutex mutex;

    // Guarded by the mutex. A device is in its list, and its context in the other, before an entry can refer to the
    // tables and until none does, so that no invalidation misses a cache (I14).
    private final List<BoundDevice> devices = new ArrayList<>();
    private final List<UnitContext> contexts = new ArrayList<>();
    private boolean destroyed;

    private PagingTables(String name, BondServices services, PageTable table) {
        this.name = name;
        this.services = services;
        this.table = table;
        this.mutex = new EntryMutex(name, services.scheduler());
    }

    /**
     * Empty tables.
     *
     * @throws SvaException NO_MEMORY
     */
    static PagingTables create(String name, PageTableFormat format, BondServices services) {
        PageTable table = PageTable.create(format, services.memory(), services.allocator());
        if (table == null) {
            throw new SvaException(
                    SvaError.NO_MEMORY, name + ": no frame left for its page table; close something or add memory");
        }
        return new PagingTables(name, services, table);
    }

    PageTableFormat format() {
        return table.format();
    }

    // Devices

    /** Takes a device in, which is going to translate through these tables, and gives it the context of its IOMMU. */
    TranslationContext open(BoundDevice device) {
        mutex.acquire();
        try {
            requireLive();
            UnitContext context = contextOf(device.unit());
            context.users++;
            devices.add(device);
            return context.context;
        } finally {
            mutex.release();
        }
    }

    /** No entry of the device refers to these tables any more, and no cache of the IOMMU knows them through it. */
    void close(BoundDevice device, Failures failures) {
        mutex.acquire();
        try {
            UnitContext context = contextOf(device.unit());
            devices.remove(device);
            context.users--;
            if (context.users == 0) {
                contexts.remove(context);
                failures.attempt(
                        context::close,
                        () -> device.fence("the IOMMU did not confirm that " + name + " was forgotten"));
            }
        } finally {
            mutex.release();
        }
    }

    private UnitContext contextOf(IommuUnit unit) {
        for (UnitContext each : contexts) {
            if (each.unit == unit) {
                return each;
            }
        }
        UnitContext opened =
                new UnitContext(unit, unit.driver().openContext(format(), table.root()), services.scheduler());
        contexts.add(opened);
        return opened;
    }

    // Mappings

    void map(long iova, long pa, long size, Protection protection) {
        long last = checkRange(iova, size);
        checkOutput(pa, size);
        int attributes = attributes(protection);
        mutex.acquire();
        try {
            requireLive();
            Mapping taken = first(iova, last);
            if (taken != null) {
                throw new SvaException(
                        SvaError.EXISTS, String.format("%s: 0x%x is mapped already; unmap it first", name, taken.va()));
            }
            // Pages only, so that any part can be unmapped by itself: a block would have to be taken out as a whole to
            // be cut, under the device's feet.
            if (!table.map(iova, pa, size, attributes, format().pageShift())) {
                throw new SvaException(
                        SvaError.NO_MEMORY,
                        String.format(
                                "%s: no frames left for the tables of 0x%x to 0x%x; unmap something or add memory",
                                name, iova, last));
            }
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage() == null ? "its format refuses this mapping" : e.getMessage());
        } finally {
            mutex.release();
        }
    }

    private @Nullable Mapping first(long start, long last) {
        List<Mapping> found = new ArrayList<>(1);
        table.visit(start, last, leaf -> {
            if (found.isEmpty()) {
                found.add(leaf);
            }
        });
        return found.isEmpty() ? null : found.get(0);
    }

    /** Takes out, invalidates, frees tables; the number of bytes that were mapped. */
    long unmap(long iova, long size) {
        long last = checkRange(iova, size);
        mutex.acquire();
        try {
            requireLive();
            long[] bytes = new long[1];
            List<Runnable> freeing = new ArrayList<>();
            table.unmap(
                    iova,
                    last,
                    (va, level, old) -> bytes[0] += 1L << format().leafShift(level, old),
                    (pa, log2Size) -> freeing.add(() -> services.allocator().free(pa, log2Size)));
            if (bytes[0] > 0 || !freeing.isEmpty()) {
                invalidate(iova, last, !freeing.isEmpty());
            }
            freeing.forEach(Runnable::run);
            return bytes[0];
        } finally {
            mutex.release();
        }
    }

    // What is not confirmed in time is fenced off, so the range is out of reach in either case.
    private void invalidate(long start, long last, boolean tables) {
        for (UnitContext each : contexts) {
            try {
                each.unit.driver().invalidate(each.context, start, last, tables);
            } catch (RuntimeException e) {
                for (BoundDevice device : devices) {
                    if (device.unit() == each.unit) {
                        device.fence("the IOMMU did not confirm an invalidation of " + name + ": " + e.getMessage());
                    }
                }
            }
        }
    }

    private long checkRange(long iova, long size) {
        checkPages("iova", iova);
        checkPages("size", size);
        long last = iova + size - 1;
        if (size <= 0 || Long.compareUnsigned(last, iova) < 0 || Long.compareUnsigned(last, format().lowLast()) > 0) {
            throw invalid(String.format("0x%x bytes at 0x%x are not within 0 to 0x%x", size, iova, format().lowLast()));
        }
        return last;
    }

    private void checkOutput(long pa, long size) {
        checkPages("pa", pa);
        long last = pa + size - 1;
        int bits = format().oaBits();
        if (Long.compareUnsigned(last, pa) < 0 || (bits < Long.SIZE && last >>> bits != 0)) {
            throw invalid(String.format("physical addresses 0x%x to 0x%x are wider than %d bits", pa, last, bits));
        }
    }

    private void checkPages(String what, long value) {
        long page = 1L << format().pageShift();
        if (Long.remainderUnsigned(value, page) != 0) {
            throw invalid(String.format("%s 0x%x is not a multiple of %d", what, value, page));
        }
    }

    private int attributes(Protection protection) {
        if (!protection.allows(Access.READ)) {
            throw invalid("protection " + protection + " allows nothing; leave the range unmapped");
        }
        return Attributes.installed(Rights.READ
                | Rights.USER
                | (protection.allows(Access.WRITE) ? Rights.WRITE : 0)
                | (protection.allows(Access.EXECUTE) ? Rights.EXECUTE : 0));
    }

    private SvaException invalid(String why) {
        return new SvaException(SvaError.INVALID, name + ": " + why);
    }

    private void requireLive() {
        if (destroyed) {
            throw new SvaException(SvaError.STALE, name + " is closed");
        }
    }

    /** Frees the tables. No device is left. */
    void destroy() {
        mutex.acquire();
        try {
            if (!destroyed) {
                destroyed = true;
                table.destroy(services.allocator()::free);
            }
        } finally {
            mutex.release();
        }
    }
}
