package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations against a map from page to (output page, attributes). A failure names the seed;
 * {@code -Dsva4j.seed=N} runs it again.
 */
class PageTableModelTest {
    private static final int OPERATIONS = 600;
    private static final int[] RIGHTS = {
        READ | USER, READ | WRITE | USER, READ | EXECUTE | USER, READ | WRITE | EXECUTE | USER, READ | WRITE
    };

    private record Page(long oa, int attributes) {}

    static List<PageTableFormat> formats() {
        return Formats.engine();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void random_operations_do_to_the_tree_what_they_do_to_a_map(PageTableFormat format) {
        long seed = Long.getLong("sva4j.seed", new Random().nextLong());
        try {
            new Run(format, seed).run();
        } catch (AssertionError | RuntimeException thrown) {
            throw new AssertionError("failed with -Dsva4j.seed=" + seed + " on " + format.name(), thrown);
        }
    }

    private static final class Run {
        private final PageTableFormat format;
        private final Random random;
        private final Fixture fixture;
        private final TreeMap<Long, Page> model = new TreeMap<>(Long::compareUnsigned);
        private final long[] places;
        private final long page;
        private final long block;

        Run(PageTableFormat format, long seed) {
            this.format = format;
            this.random = new Random(seed);
            this.fixture = new Fixture(format, 512);
            this.page = fixture.page();
            this.block = fixture.size(1);
            // The bottom, around a boundary of the top level's entries, and the top.
            long middle = fixture.size(format.topLevel()) - 2 * block;
            this.places = new long[] {0, Math.max(middle, 8 * block), format.lowLast() + 1 - 4 * block};
        }

        void run() {
            for (int i = 0; i < OPERATIONS; i++) {
                step();
                if (random.nextInt(8) == 0) {
                    fixture.freeReclaimed();
                }
                if (i % 20 == 0) {
                    compare();
                }
            }
            compare();
            unmap(0, format.lowLast());
            assertThat(fixture.reachableTables()).hasSize(1);
            fixture.freeReclaimed();
            assertThat(fixture.frames.blocksInUse()).isEqualTo(1);
        }

        private void step() {
            long place = places[random.nextInt(places.length)];
            long unit = random.nextInt(3) == 0 ? block : page;
            long units = 4 * block / unit;
            long from = random.nextLong(units);
            long count = 1 + random.nextLong(Math.min(units - from, unit == page ? 40 : 4));
            long start = place + from * unit;
            long last = start + count * unit - 1;
            int rights = RIGHTS[random.nextInt(RIGHTS.length)];
            int kind = random.nextInt(10);
            if (kind < 5) {
                map(start, last, random.nextBoolean() ? rights : Attributes.installed(rights));
            } else if (kind < 7) {
                if (split(start, last)) {
                    unmap(start, last);
                }
            } else if (kind < 8) {
                if (split(start, last)) {
                    exchange(start, last, rights);
                }
            } else if (kind < 9) {
                if (split(start, last)) {
                    fixture.table.protect(start, last, rights, LeafListener.NONE);
                    change(start, last, ~Rights.ALL, rights);
                }
            } else if (split(start, last)) {
                int marks = random.nextBoolean() ? Attributes.ACCESSED : Attributes.DIRTY;
                if (random.nextBoolean()) {
                    fixture.table.clear(start, last, marks, LeafListener.NONE);
                    change(start, last, ~marks, 0);
                } else {
                    fixture.table.mark(start, last, marks, LeafListener.NONE);
                    change(start, last, ~0, marks);
                }
            }
        }

        private Map<Long, Page> within(long start, long last) {
            return model.subMap(start, true, last, true);
        }

        private void map(long start, long last, int attributes) {
            long unit = random.nextInt(4) == 0 ? page : block;
            long oa = random.nextLong((1L << format.oaBits() - 1) / unit) * unit + (start & (unit - 1));
            int cap = random.nextBoolean() ? 64 : format.pageShift();
            long size = last - start + 1;
            if (!within(start, last).isEmpty()) {
                assertThatThrownBy(() -> fixture.table.map(start, oa, size, attributes, cap))
                        .isInstanceOf(IllegalStateException.class);
                return;
            }
            fixture.frames.remaining = random.nextInt(4);
            long[] before = fixture.memory.snapshot();
            int inUse = fixture.frames.blocksInUse();
            boolean done = fixture.table.map(start, oa, size, attributes, cap);
            fixture.frames.remaining = Long.MAX_VALUE;
            if (!done) {
                assertThat(fixture.frames.blocksInUse()).isEqualTo(inUse);
                // Frames that were granted and given back may differ; what the tree consists of may not.
                assertThat(fixture.memory.snapshot()).isEqualTo(before);
                return;
            }
            for (long offset = 0; offset < size; offset += page) {
                model.put(start + offset, new Page(oa + offset, fixture.asRead(attributes)));
            }
        }

        /** Makes sure that no block is cut; false if there were no frames. */
        private boolean split(long start, long last) {
            fixture.changed.clear();
            fixture.frames.remaining = random.nextInt(4);
            BlockSplit split = fixture.table.split(start, last, fixture.leaves());
            fixture.frames.remaining = Long.MAX_VALUE;
            if (split == null) {
                assertThat(fixture.changed).isEmpty();
                return false;
            }
            assertThat(fixture.changed.isEmpty()).isEqualTo(split.isEmpty());
            fixture.changed.forEach(
                    one -> assertThat(fixture.table.lookup(one.va())).isNull());
            split.finish();
            return true;
        }

        private void unmap(long start, long last) {
            fixture.changed.clear();
            fixture.table.unmap(start, last, fixture.leaves(), fixture.tables());
            assertReported(start, last);
        }

        private void exchange(long start, long last, int rights) {
            fixture.changed.clear();
            fixture.table.breakRange(start, last, fixture.leaves());
            assertReported(start, last);
            for (Fixture.Changed one : fixture.changed) {
                long size = fixture.size(one.level());
                fixture.frames.remaining = 0;
                assertThat(fixture.table.map(one.va(), block, size, rights)).isTrue();
                fixture.frames.remaining = Long.MAX_VALUE;
                for (long offset = 0; offset < size; offset += page) {
                    model.put(one.va() + offset, new Page(block + offset, fixture.asRead(rights)));
                }
            }
        }

        /** What was reported is exactly what the model had there; the model forgets it. */
        private void assertReported(long start, long last) {
            Map<Long, Page> expected = within(start, last);
            int pages = 0;
            for (Fixture.Changed one : fixture.changed) {
                long oa = format.leafAddress(one.level(), one.oldEntry());
                int attributes = format.leafAttributes(one.level(), one.oldEntry());
                for (long offset = 0; offset < fixture.size(one.level()); offset += page) {
                    Page had = expected.get(one.va() + offset);
                    if (!new Page(oa + offset, attributes).equals(had)) {
                        fail("0x%x: reported 0x%x %s, expected %s", one.va() + offset, oa + offset, attributes, had);
                    }
                    pages++;
                }
            }
            assertThat(pages).isEqualTo(expected.size());
            expected.clear();
        }

        private void change(long start, long last, int keep, int add) {
            within(start, last)
                    .replaceAll((va, was) -> new Page(was.oa(), fixture.asRead(was.attributes() & keep | add)));
        }

        private void compare() {
            TreeMap<Long, Page> found = new TreeMap<>(Long::compareUnsigned);
            for (Mapping leaf : fixture.mappings()) {
                for (long offset = 0; offset < leaf.size(); offset += page) {
                    assertThat(found.put(leaf.va() + offset, new Page(leaf.oa() + offset, leaf.attributes())))
                            .isNull();
                }
            }
            if (!found.equals(model)) {
                fail("tree has %d pages, model %d", found.size(), model.size());
            }
            for (int i = 0; i < 50; i++) {
                long va = places[random.nextInt(places.length)] + random.nextLong(4 * block);
                Mapping leaf = fixture.table.lookup(va);
                Page expected = model.get(va & -page);
                assertThat(leaf == null).isEqualTo(expected == null);
                if (leaf != null && expected != null) {
                    assertThat(leaf.translate(va)).isEqualTo(expected.oa() + (va & (page - 1)));
                }
            }
        }
    }
}
