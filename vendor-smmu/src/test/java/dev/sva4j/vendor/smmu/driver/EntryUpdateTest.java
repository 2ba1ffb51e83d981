package dev.sva4j.vendor.smmu.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.testing.FakeMemory;
import dev.sva4j.vendor.smmu.layout.UsedBits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The transitions of the sheet's §12.8, with the number of syncs that each takes. After every single store the entry,
 * looked at as hardware does in the state that it is in, is the old or the new one; where that is impossible it is
 * invalid.
 */
final class EntryUpdateTest {
    private static final long ENTRY = FakeMemory.START;

    private static final long[] ABORT = ste(1, 0);
    private static final long[] BYPASS = ste(9, 0x1000_0000_0000L);
    private static final long[] CD_TABLE = ste(0xa000_0000_8050_002bL, 0x1800_00d6L);
    private static final long[] CD_TABLE_BYPASS = ste(0xa000_0000_8050_002bL, 0x1000_1800_00d5L);
    private static final long[] OTHER_TABLE_BYPASS = ste(0xa000_0000_8060_002bL, 0x1000_1800_00d5L);

    /** With the VMID and EATS of the stage 1 entries, which hardware looks at in either. */
    private static final long[] STAGE_2 = ste(0xd, 0x1000_1000_0000L, 0x044c_3558_0000_0000L, 0x8060_0000L);

    private static final long[] NO_CD = new long[8];
    private static final long[] LIVE = cd(0x002a_e204_c000_3510L, 0x8123_4000L);
    private static final long[] LIVE_OTHER_ASID = cd(0x002b_e204_c000_3510L, 0x8123_4000L);
    private static final long[] LIVE_OTHER = cd(0x002b_e204_c000_3510L, 0x8130_0000L);
    private static final long[] QUIET = cd(0x002a_c204_c000_4000L, 0);
    private static final long[] QUIET_FORCED = cd(0x002a_f204_c000_4000L, 0);

    private final FakeHost host = new FakeHost();
    private TableMemory memory;

    @BeforeEach
    void createMemory() {
        memory = new TableMemory(new Unit(host), host, true);
    }

    static Stream<Arguments> hitlessSteTransitions() {
        return Stream.of(
                Arguments.of("bypass to abort", BYPASS, ABORT, 2),
                Arguments.of("abort to bypass", ABORT, BYPASS, 2),
                Arguments.of("cdtable to abort", CD_TABLE, ABORT, 2),
                Arguments.of("abort to cdtable", ABORT, CD_TABLE, 2),
                Arguments.of("cdtable to bypass", CD_TABLE, BYPASS, 3),
                Arguments.of("bypass to cdtable", BYPASS, CD_TABLE, 3),
                Arguments.of("S1DSS ssid0 to bypass", CD_TABLE, CD_TABLE_BYPASS, 1),
                Arguments.of("S1DSS bypass to ssid0", CD_TABLE_BYPASS, CD_TABLE, 1),
                Arguments.of("S1DSS-bypass cdtable to bypass", CD_TABLE_BYPASS, BYPASS, 2),
                Arguments.of("bypass to S1DSS-bypass cdtable", BYPASS, CD_TABLE_BYPASS, 2),
                Arguments.of("s2 to abort", STAGE_2, ABORT, 2),
                Arguments.of("abort to s2", ABORT, STAGE_2, 2),
                Arguments.of("s2 to bypass", STAGE_2, BYPASS, 2),
                Arguments.of("bypass to s2", BYPASS, STAGE_2, 2),
                Arguments.of("s1 to s2", CD_TABLE, STAGE_2, 3),
                Arguments.of("s2 to s1", STAGE_2, CD_TABLE, 3),
                Arguments.of("the same", CD_TABLE, CD_TABLE, 0));
    }

    @ParameterizedTest(name = "{0} takes {3} syncs")
    @MethodSource("hitlessSteTransitions")
    void everyStoreShowsTheOldOrTheNewSte(String name, long[] from, long[] to, int syncs) {
        Observer observer = update(EntryUpdate.ofStreamTableEntries(memory), EntryUpdateTest::ste, from, to);

        assertThat(observer.syncs).hasSize(syncs);
        assertThat(observer.mixed).isEmpty();
    }

    static Stream<Arguments> hitlessCdTransitions() {
        return Stream.of(
                Arguments.of("zero to live", NO_CD, LIVE, 2),
                Arguments.of("live to zero", LIVE, NO_CD, 2),
                Arguments.of("ASID change", LIVE, LIVE_OTHER_ASID, 1),
                Arguments.of("live to quiet", LIVE, QUIET, 2),
                Arguments.of("quiet to live", QUIET, LIVE, 2),
                Arguments.of("quiet to zero", QUIET, NO_CD, 2),
                Arguments.of("live to quiet with forced stalls", LIVE, QUIET_FORCED, 2));
    }

    @ParameterizedTest(name = "{0} takes {3} syncs")
    @MethodSource("hitlessCdTransitions")
    void everyStoreShowsTheOldOrTheNewCd(String name, long[] from, long[] to, int syncs) {
        Observer observer = update(EntryUpdate.ofContextDescriptors(memory), EntryUpdateTest::cd, from, to);

        assertThat(observer.syncs).hasSize(syncs);
        assertThat(observer.mixed).isEmpty();
    }

    @Test
    void moreThanOneWordToSwitchGoesByWayOfAnInvalidEntry() {
        Observer observer =
                update(EntryUpdate.ofStreamTableEntries(memory), EntryUpdateTest::ste, CD_TABLE, OTHER_TABLE_BYPASS);

        assertThat(observer.syncs).hasSize(3);
        assertThat(observer.syncs.get(0)[0]).isZero();
        assertThat(observer.syncs.get(1)).isEqualTo(ste(0, OTHER_TABLE_BYPASS[1]));
        assertThat(observer.mixed).allMatch(entry -> (entry[0] & 1) == 0, "invalid");
    }

    @Test
    void oneAddressSpaceDoesNotTurnIntoAnotherUnderHardwaresEyes() {
        Observer observer = update(EntryUpdate.ofContextDescriptors(memory), EntryUpdateTest::cd, LIVE, LIVE_OTHER);

        assertThat(observer.mixed).isNotEmpty().allMatch(entry -> (entry[0] & 1L << 31) == 0, "invalid");
    }

    @Test
    void abortToCdTableWritesTheDeadWordFirst() {
        Observer observer = update(EntryUpdate.ofStreamTableEntries(memory), EntryUpdateTest::ste, ABORT, CD_TABLE);

        assertThat(observer.syncs).containsExactly(ste(1, 0x1800_00d6L), CD_TABLE);
    }

    @Test
    void cdTableToBypassTakesTheThreeStepsOfTheSheet() {
        Observer observer = update(EntryUpdate.ofStreamTableEntries(memory), EntryUpdateTest::ste, CD_TABLE, BYPASS);

        assertThat(observer.syncs)
                .containsExactly(
                        ste(CD_TABLE[0], 0x1000_1800_00d6L), ste(9, 0x1000_1800_00d6L), ste(9, 0x1000_0000_0000L));
    }

    @Test
    void liveToQuietSwitchesWithOneWordAndCleansUpAfterwards() {
        Observer observer = update(EntryUpdate.ofContextDescriptors(memory), EntryUpdateTest::cd, LIVE, QUIET);

        assertThat(observer.syncs).containsExactly(cd(QUIET[0], LIVE[1]), QUIET);
    }

    @Test
    void whatFailsHalfWayIsFinishedByTheNextUpdate() {
        host.memory.storeWords(ENTRY, LIVE);
        EntryUpdate update = EntryUpdate.ofContextDescriptors(memory);
        RuntimeException timeOut = new RuntimeException("timed out");
        try {
            update.write(ENTRY, QUIET, () -> {
                throw timeOut;
            });
        } catch (RuntimeException e) {
            assertThat(e).isSameAs(timeOut);
        }

        update.write(ENTRY, NO_CD, () -> {});

        assertThat(host.memory.words(ENTRY, 8)).isEqualTo(NO_CD);
    }

    private interface Live {
        long of(long[] entry, int word);
    }

    private static long ste(long[] entry, int word) {
        return UsedBits.ste(word, entry[0], entry[1]);
    }

    private static long cd(long[] entry, int word) {
        return UsedBits.cd(word, entry[0]);
    }

    private Observer update(EntryUpdate update, Live live, long[] from, long[] to) {
        host.memory.storeWords(ENTRY, from);
        Observer observer = new Observer(live, from, to);
        host.memory.listener = observer;
        update.write(ENTRY, to, observer::sync);
        assertThat(host.memory.words(ENTRY, 8)).isEqualTo(to);
        return observer;
    }

    /** What hardware could see. */
    private final class Observer implements FakeMemory.Listener {
        private final Live live;
        private final List<long[]> whole;

        /** The entry at each sync. */
        final List<long[]> syncs = new ArrayList<>();

        /** The entry after stores that left it neither old nor new. */
        final List<long[]> mixed = new ArrayList<>();

        private Observer(Live live, long[] from, long[] to) {
            this.live = live;
            this.whole = List.of(seen(live, from), seen(live, to));
        }

        private static long[] seen(Live live, long[] entry) {
            long[] masked = new long[entry.length];
            Arrays.setAll(masked, word -> entry[word] & live.of(entry, word));
            return masked;
        }

        @Override
        public void stored(long pa, long value) {
            long[] entry = host.memory.words(ENTRY, 8);
            if (whole.stream().noneMatch(known -> Arrays.equals(known, seen(live, entry)))) {
                mixed.add(entry);
            }
        }

        private void sync() {
            syncs.add(host.memory.words(ENTRY, 8));
        }
    }

    private static long[] ste(long... words) {
        return Arrays.copyOf(words, 8);
    }

    private static long[] cd(long word0, long ttb0) {
        return new long[] {word0, ttb0, 0, 0x0000_0004_0044_ffffL, 0, 0, 0, 0};
    }
}
