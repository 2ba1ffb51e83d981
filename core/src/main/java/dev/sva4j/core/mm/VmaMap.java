package dev.sva4j.core.mm;

import dev.sva4j.api.Protection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The mapped ranges of an address space, without overlaps. Guarded by the lock of the address space. */
final class VmaMap {
    private final TreeMap<Long, Vma> byStart = new TreeMap<>();

    @Nullable
    Vma find(long address) {
        Map.Entry<Long, Vma> entry = byStart.floorEntry(address);
        return entry != null && address <= entry.getValue().last() ? entry.getValue() : null;
    }

    boolean overlaps(long start, long last) {
        Map.Entry<Long, Vma> entry = byStart.floorEntry(last);
        return entry != null && entry.getValue().last() >= start;
    }

    /** Whether every address of the range is mapped. */
    boolean covers(long start, long last) {
        long next = start;
        while (true) {
            Vma vma = find(next);
            if (vma == null) {
                return false;
            }
            if (vma.last() >= last) {
                return true;
            }
            next = vma.last() + 1;
        }
    }

    void add(Vma vma) {
        byStart.put(vma.start(), vma);
    }

    /** Removes what lies in the range, cutting ranges that reach over its ends. */
    void remove(long start, long last) {
        cutAt(start);
        cutAt(last + 1);
        byStart.subMap(start, true, last, true).clear();
    }

    void protect(long start, long last, Protection protection) {
        cutAt(start);
        cutAt(last + 1);
        byStart.subMap(start, true, last, true).replaceAll((at, vma) -> vma.with(protection));
    }

    private void cutAt(long address) {
        Vma vma = find(address);
        if (vma != null && vma.start() != address) {
            byStart.put(vma.start(), vma.withLast(address - 1));
            byStart.put(address, vma.withStart(address));
        }
    }

    /** The lowest free range of {@code size} bytes within {@code [from, limit]}, or -1. */
    long findFree(long size, long from, long limit) {
        long candidate = from;
        for (Vma vma : byStart.values()) {
            if (vma.last() < candidate) {
                continue;
            }
            if (vma.start() > candidate && vma.start() - candidate >= size) {
                return candidate;
            }
            candidate = vma.last() + 1;
        }
        return candidate <= limit && limit - candidate >= size - 1 ? candidate : -1;
    }

    Collection<Vma> all() {
        return new ArrayList<>(byStart.values());
    }

    List<Vma> within(long start, long last) {
        List<Vma> found = new ArrayList<>();
        Vma first = find(start);
        if (first != null) {
            found.add(first);
        }
        found.addAll(byStart.subMap(start, first == null, last, true).values());
        return found;
    }

    void clear() {
        byStart.clear();
    }
}
