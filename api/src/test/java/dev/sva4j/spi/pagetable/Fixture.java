package dev.sva4j.spi.pagetable;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A table in memory of its own, and what has come out of it. */
final class Fixture {
    static final long BASE = 0x80000000L;
    static final int USER_RW = Attributes.installed(Rights.READ | Rights.WRITE | Rights.USER);
    static final int USER_RO = Attributes.installed(Rights.READ | Rights.USER);

    final PageTableFormat format;
    final ArrayMemory memory;
    final TestFrames frames;
    final PageTable table;

    /** Tables that were handed out and not freed yet. */
    final List<Long> reclaimed = new ArrayList<>();

    private final List<Integer> reclaimedSizes = new ArrayList<>();

    /** Leaves that were reported, oldest first. */
    final List<Changed> changed = new ArrayList<>();

    record Changed(long va, int level, long oldEntry) {}

    Fixture(PageTableFormat format) {
        this(format, 256);
    }

    Fixture(PageTableFormat format, int frameCount) {
        this.format = format;
        this.memory = new ArrayMemory(BASE, frameCount * 4096L);
        this.frames = new TestFrames(memory, BASE, frameCount);
        this.table = PageTable.create(format, memory, frames);
    }

    LeafListener leaves() {
        return (va, level, oldEntry) -> changed.add(new Changed(va, level, oldEntry));
    }

    /**
     * Asserts I16 as far as it can be seen from here: what is handed out is still allocated and can no longer be
     * reached.
     */
    TableReclaimer tables() {
        return (pa, log2Size) -> {
            assertThat(frames.isAllocated(pa)).isTrue();
            assertThat(reachableTables(table.reader())).doesNotContain(pa);
            PageTableReader notSnooping = new PageTableReader(format, memory.writtenBackView(), table.root());
            assertThat(reachableTables(notSnooping)).doesNotContain(pa);
            reclaimed.add(pa);
            reclaimedSizes.add(log2Size);
        };
    }

    /** What the caller does once the invalidation has completed. */
    void freeReclaimed() {
        for (int i = 0; i < reclaimed.size(); i++) {
            frames.free(reclaimed.get(i), reclaimedSizes.get(i));
        }
        reclaimed.clear();
        reclaimedSizes.clear();
    }

    Set<Long> reachableTables() {
        return reachableTables(table.reader());
    }

    private static Set<Long> reachableTables(PageTableReader reader) {
        Set<Long> reachable = new HashSet<>();
        reader.visit(0, -1, new PageTableVisitor() {
            @Override
            public void leaf(Mapping leaf) {}

            @Override
            public void table(int level, long va, long tableAddress) {
                assertThat(reachable.add(tableAddress)).isTrue();
            }
        });
        return reachable;
    }

    List<Mapping> mappings() {
        List<Mapping> mappings = new ArrayList<>();
        table.visit(0, -1, mappings::add);
        return mappings;
    }

    void unmap(long start, long size) {
        table.unmap(start, start + size - 1, leaves(), tables());
    }

    /** Bytes of a leaf of this level. */
    long size(int level) {
        return 1L << format.indexShift(level);
    }

    long page() {
        return size(0);
    }

    /** Attributes as they read back: formats that cannot tell whether a writable page is dirty say that it is. */
    int asRead(int attributes) {
        return format.leafAttributes(0, format.leafEntry(0, 0, attributes));
    }
}
