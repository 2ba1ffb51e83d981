package dev.sva4j.testing;

import java.util.Set;
import java.util.TreeSet;

/** Which words were stored and not written back since. */
public final class WriteBackCheck implements FakeMemory.Listener {
    public final Set<Long> dirty = new TreeSet<>();
    public int stores;

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
