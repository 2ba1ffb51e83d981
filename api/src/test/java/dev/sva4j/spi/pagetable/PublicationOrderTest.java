package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Fixture.USER_RO;
import static dev.sva4j.spi.pagetable.Fixture.USER_RW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What hardware could see after each single store (I10, I11), once as an observer that snoops and once as one that sees
 * a line only after it was written back. Frames are used before the test, so a table that is not cleared in time shows
 * what it held.
 */
class PublicationOrderTest {

    static Stream<Arguments> formatsAndViews() {
        return Formats.engine().stream()
                .flatMap(format -> Stream.of(Arguments.of(format, true), Arguments.of(format, false)));
    }

    /** Watches one address: the different answers in the order in which they came. */
    private static final class Watcher {
        private final PageTableReader reader;
        private final List<Long> addresses;
        private final List<List<String>> histories = new ArrayList<>();

        Watcher(Fixture fixture, boolean snooping, List<Long> addresses) {
            this.reader = new PageTableReader(
                    fixture.format, snooping ? fixture.memory : fixture.memory.writtenBackView(), fixture.table.root());
            this.addresses = addresses;
            addresses.forEach(address -> histories.add(new ArrayList<>()));
            look();
            fixture.memory.afterStore = this::look;
        }

        void look() {
            for (int i = 0; i < addresses.size(); i++) {
                Mapping mapping = reader.lookup(addresses.get(i));
                String seen = mapping == null
                        ? "none"
                        : String.format(
                                "0x%x %s", mapping.translate(addresses.get(i)), Rights.toString(mapping.attributes()));
                List<String> history = histories.get(i);
                if (history.isEmpty() || !history.get(history.size() - 1).equals(seen)) {
                    history.add(seen);
                }
            }
        }

        List<String> history(int i) {
            return histories.get(i);
        }
    }

    /** Every frame has held a table full of leaves, in both views. */
    private static Fixture usedFixture(PageTableFormat format) {
        Fixture fixture = new Fixture(format, 64);
        long stale = format.leafEntry(0, 0, USER_RW);
        for (long pa = Fixture.BASE; pa < Fixture.BASE + 64 * 4096; pa += 8) {
            if (pa < fixture.table.root()
                    || pa >= fixture.table.root() + (1L << format.tableShift(format.topLevel()))) {
                fixture.memory.store(pa, stale);
            }
        }
        fixture.memory.writeBack(Fixture.BASE, 64 * 4096);
        return fixture;
    }

    @ParameterizedTest
    @MethodSource("formatsAndViews")
    void a_new_page_is_seen_complete_or_not_at_all(PageTableFormat format, boolean snooping) {
        Fixture fixture = usedFixture(format);
        long page = fixture.page();
        Watcher watcher = new Watcher(fixture, snooping, List.of(0L, page, 2 * page, fixture.size(1)));
        fixture.table.map(page, 7 * page, page, USER_RW);
        assertThat(watcher.history(0)).containsExactly("none");
        assertThat(watcher.history(1)).containsExactly("none", String.format("0x%x rw-u", 7 * page));
        assertThat(watcher.history(2)).containsExactly("none");
        assertThat(watcher.history(3)).containsExactly("none");
    }

    @ParameterizedTest
    @MethodSource("formatsAndViews")
    void unmap_and_protect_go_from_old_to_new_in_one_step(PageTableFormat format, boolean snooping) {
        Fixture fixture = usedFixture(format);
        long page = fixture.page();
        fixture.table.map(0, 0, 3 * page, USER_RW);
        Watcher watcher = new Watcher(fixture, snooping, List.of(0L, page, 2 * page));
        fixture.table.protect(page, 2 * page - 1, USER_RO & Rights.ALL, LeafListener.NONE);
        fixture.unmap(page, page);
        fixture.unmap(0, 3 * page);
        assertThat(watcher.history(0)).containsExactly("0x0 rw-u", "none");
        assertThat(watcher.history(1))
                .containsExactly(String.format("0x%x rw-u", page), String.format("0x%x r--u", page), "none");
    }

    @ParameterizedTest
    @MethodSource("formatsAndViews")
    void a_block_is_never_seen_beside_its_pages(PageTableFormat format, boolean snooping) {
        Fixture fixture = usedFixture(format);
        long page = fixture.page();
        long block = fixture.size(1);
        fixture.table.map(0, 0, 2 * block, USER_RW);
        Watcher watcher = new Watcher(fixture, snooping, List.of(0L, page, block - page, block));
        BlockSplit split = fixture.table.split(page, 2 * page - 1, LeafListener.NONE);
        for (int i = 0; i < 3; i++) {
            assertThat(watcher.history(i))
                    .as("broken in both views before the caller invalidates")
                    .endsWith("none");
        }
        split.finish();
        for (int i = 0; i < 3; i++) {
            String mapped =
                    String.format("0x%x rw-u", List.of(0L, page, block - page).get(i));
            assertThat(watcher.history(i)).containsExactly(mapped, "none", mapped);
        }
        assertThat(watcher.history(3)).as("the neighbour").hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("formatsAndViews")
    void when_a_call_returns_both_views_agree(PageTableFormat format, boolean snooping) {
        Fixture fixture = usedFixture(format);
        long page = fixture.page();
        PageTableReader view = new PageTableReader(
                format, snooping ? fixture.memory : fixture.memory.writtenBackView(), fixture.table.root());
        Runnable compare = () -> {
            List<Mapping> seen = new ArrayList<>();
            view.visit(0, -1, seen::add);
            assertThat(seen).isEqualTo(fixture.mappings());
        };
        fixture.table.map(page, page, fixture.size(1), USER_RW);
        compare.run();
        fixture.table.protect(2 * page, 60 * page - 1, USER_RO & Rights.ALL, LeafListener.NONE);
        compare.run();
        fixture.table.breakRange(3 * page, 40 * page - 1, LeafListener.NONE);
        compare.run();
        fixture.unmap(0, fixture.size(1));
        compare.run();
    }
}
