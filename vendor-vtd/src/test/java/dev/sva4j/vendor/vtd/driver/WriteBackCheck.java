package dev.sva4j.vendor.vtd.driver;

import java.util.Set;
import java.util.TreeSet;

/** Which words were stored and not written back since. */
final class WriteBackCheck implements FakeMemory.Listener {
    final Set<Long> dirty = new TreeSet<>();
    int stores;

    @Override
    public void stored(long pa, long value) {
        stores++;
        dirty.add(pa);
    }

    @Override
    public void writtenBack(long pa, long length) {
        dirty.removeIf(word -> word >= pa && word < pa + length);
    }
}
