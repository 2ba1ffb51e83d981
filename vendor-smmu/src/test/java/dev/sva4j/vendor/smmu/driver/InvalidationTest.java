package dev.sva4j.vendor.smmu.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.driver.CommandBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That an invalidation reaches every page of its range, and how many commands it takes. */
final class InvalidationTest {
    private static final int SID = Fixture.SID;
    private static final long PAGE = 4096;
    private static final long TOP_PAGE = -1L >>> 12;

    private final Fixture fixture = new Fixture();
    private final SmmuDriver driver = fixture.driver;

    private void withoutRanges() {
        fixture.smmu.set(0x0C, ScriptedSmmu.IDR3 & ~(1L << 10));
    }

    @Test
    void onePageTakesOneCommandThenTheAtc() {
        withoutRanges();
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0x7F12_3456_7000L, 0x7F12_3456_7FFFL, false);

        assertThat(fixture.takeCommands())
                .containsExactly(
                        Cmd.of(0x0001_0000_0000_0012L, 0x7f12_3456_7001L),
                        Cmd.SYNC,
                        Cmd.of(0x0000_1234_00c0_5840L, 0x7f12_3456_7000L),
                        Cmd.SYNC);
    }

    @Test
    void removedTablesReachTheWalkerCachesToo() {
        withoutRanges();
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0x7F12_3456_7000L, 0x7F12_3456_7FFFL, true);

        assertThat(fixture.takeCommands().get(0)).isEqualTo(Cmd.of(0x0001_0000_0000_0012L, 0x7f12_3456_7000L));
    }

    @Test
    void rangesAreTheSheetsVectors() {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0x7F12_3456_7000L, 0x7F12_3456_7FFFL, true);
        assertThat(fixture.takeCommands().get(0)).isEqualTo(Cmd.of(0x0001_0000_0010_0012L, 0x7f12_3456_7400L));

        driver.invalidate(context, 0x7F12_3440_0000L, 0x7F12_3440_0000L + 67 * PAGE - 1, true);
        assertThat(fixture.takeCommands())
                .startsWith(
                        Cmd.of(0x0001_0000_0000_2012L, 0x7f12_3440_0400L),
                        Cmd.of(0x0001_0000_0060_0012L, 0x7f12_3440_3400L),
                        Cmd.SYNC);

        driver.invalidate(context, 0x7F12_3440_0000L, 0x7F12_3440_0000L + 33 * PAGE - 1, true);
        assertThat(fixture.takeCommands().get(0)).isEqualTo(Cmd.of(0x0001_0000_0011_0012L, 0x7f12_3440_0400L));
    }

    @Test
    void everythingIsTheWholeAsidAndTheWholeAtc() {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0, -1, false);

        assertThat(fixture.takeCommands())
                .containsExactly(
                        Cmd.of(0x0001_0000_0000_0011L, 0), Cmd.SYNC, Cmd.of(0x0000_1234_00c0_5840L, 0x34), Cmd.SYNC);
    }

    @Test
    void from512PagesOnTheWholeAsidIsCheaperThanPageByPage() {
        withoutRanges();
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0, 511 * PAGE - 1, false);
        assertThat(fixture.takeCommands())
                .filteredOn(command -> command.opcode() == 0x12)
                .hasSize(511);

        driver.invalidate(context, 0, 512 * PAGE - 1, false);
        assertThat(fixture.takeCommands().get(0)).isEqualTo(Cmd.of(0x0001_0000_0000_0011L, 0));
    }

    @Test
    void theAtcIsLeftUntilTheTlbIsClean() {
        withoutRanges();
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0, 100 * PAGE - 1, false);

        List<Integer> opcodes = fixture.takeCommands().stream().map(Cmd::opcode).toList();
        assertThat(opcodes.lastIndexOf(0x12)).isLessThan(opcodes.indexOf(0x40) - 1);
        assertThat(opcodes.get(opcodes.indexOf(0x40) - 1)).isEqualTo(0x46);
        assertThat(opcodes).endsWith(0x40, 0x46);
    }

    @Test
    void aContextThatNothingRefersToNeedsNoCommands() {
        fixture.attach();

        driver.invalidate(fixture.context(), 0, -1, true);

        assertThat(fixture.takeCommands()).isEmpty();
    }

    @Test
    void everyDeviceAndPasidWithAnAtcIsReachedAlsoOneThatTurnedAtsOnLater() {
        fixture.attach();
        driver.attachDevice(Fixture.function(SID + 1));
        TranslationContext context = fixture.context();
        driver.setPasid(SID, 7, context, false);
        driver.setPasid(SID + 1, 7, context, false);
        driver.setAts(SID + 1, true);
        driver.setPasid(SID + 1, 8, context, false);
        fixture.takeCommands();

        driver.invalidate(context, 0, 0xFFF, false);
        assertThat(atcTargets()).containsExactlyInAnyOrder("1235:7", "1235:8");

        driver.setAts(SID, true);
        fixture.takeCommands();
        driver.invalidate(context, 0, 0xFFF, false);
        assertThat(atcTargets()).containsExactlyInAnyOrder("1234:7", "1235:7", "1235:8");

        driver.clearPasid(SID + 1, 7);
        driver.setAts(SID, false);
        fixture.takeCommands();
        driver.invalidate(context, 0, 0xFFF, false);
        assertThat(atcTargets()).containsExactly("1235:8");
    }

    private List<String> atcTargets() {
        return fixture.takeCommands().stream()
                .filter(command -> command.opcode() == 0x40)
                .map(command -> String.format("%x:%d", command.word0() >>> 32, command.word0() >>> 12 & 0xfffff))
                .toList();
    }

    @Test
    void anAtcThatIsAddedWhileTheTlbIsCleanedIsNotMissed() {
        fixture.attach();
        driver.attachDevice(Fixture.function(SID + 1));
        driver.setAts(SID + 1, true);
        TranslationContext context = fixture.context();
        driver.setPasid(SID, 7, context, false);
        fixture.takeCommands();
        fixture.host.stepping.duringWaits(() -> {
            fixture.smmu.holds = false;
            driver.setPasid(SID + 1, 7, context, false);
        });
        fixture.smmu.holds = true;

        driver.invalidate(context, 0, 0xFFF, false);

        assertThat(atcTargets()).containsExactly("1235:7");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyPageOfEveryRangeIsCovered(boolean ranges) {
        TlbiPlan plan = new TlbiPlan(ranges);
        for (long first = 0; first < 40; first++) {
            for (long pages = 1; pages <= 130; pages++) {
                check(plan, first, first + pages - 1, 40 + 140);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTopOfTheAddressSpaceIsCoveredWithoutWrapping(boolean ranges) {
        TlbiPlan plan = new TlbiPlan(ranges);
        for (long pages = 1; pages <= 130; pages++) {
            check(plan, TOP_PAGE - pages + 1, TOP_PAGE, 0);
        }
    }

    @Test
    void rangesOfAnySizeTakeFewCommandsAndNoReservedEncoding() {
        Random random = new Random(1);
        TlbiPlan plan = new TlbiPlan(true);
        for (int i = 0; i < 100_000; i++) {
            long pages = 1 + (random.nextLong() >>> 12 + random.nextInt(52));
            long first = Math.min(random.nextLong() >>> 12 + random.nextInt(52), TOP_PAGE - pages + 1);
            check(plan, first, first + pages - 1, 0);
        }
    }

    /** Compares the commands with the pages that they ought to cover, one by one where there are few. */
    private static void check(TlbiPlan plan, long firstPage, long lastPage, long enumerated) {
        long start = firstPage * PAGE + (firstPage & 1) * 0xABC;
        long last = lastPage * PAGE + (lastPage & 1) * 0x123;
        last = Long.compareUnsigned(last, start) < 0 ? start : last;
        CommandBatch batch = plan.range(5, dev.sva4j.vendor.smmu.layout.Granule.KIB_4, start, last, true);
        List<long[]> covered = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            covered.add(covered(batch.word0(i), batch.word1(i)));
        }
        assertThat(batch.size()).isLessThan(512);
        long reached = firstPage;
        for (long[] range : covered) {
            assertThat(range[0]).isLessThanOrEqualTo(reached);
            assertThat(range[1]).isLessThanOrEqualTo(TOP_PAGE);
            reached = Math.max(reached, range[1] + 1);
        }
        assertThat(reached).isGreaterThan(lastPage);
        for (long page = 0; page < enumerated; page++) {
            long asked = page;
            boolean hit = covered.stream().anyMatch(range -> asked >= range[0] && asked <= range[1]);
            if (page >= firstPage && page <= lastPage) {
                assertThat(hit)
                        .as("page %d of %d to %d", page, firstPage, lastPage)
                        .isTrue();
            }
        }
    }

    /** First and last page of a command, read from the manual's bit positions. */
    private static long[] covered(long word0, long word1) {
        if ((word0 & 0xff) == 0x11) {
            return new long[] {0, TOP_PAGE};
        }
        assertThat(word0 & 0xff).isEqualTo(0x12);
        assertThat(word0 >>> 48).isEqualTo(5);
        assertThat(word1 & 1).isEqualTo(1);
        long page = word1 >>> 12;
        if ((word1 >> 10 & 3) == 0) {
            return new long[] {page, page};
        }
        long num = word0 >> 12 & 0x1f;
        long scale = word0 >> 20 & 0x3f;
        assertThat(num + scale).as("NUM = SCALE = TTL = 0 is reserved").isPositive();
        assertThat(scale).as("five bits of SCALE").isLessThan(32);
        return new long[] {page, page + ((num + 1) << scale) - 1};
    }

    @Test
    void everyPageOfEveryRangeIsCoveredInTheAtc() {
        TranslationContext context = fixture.bound();
        for (long first = 0; first < 34; first++) {
            for (long last = first; last < 70; last++) {
                fixture.takeCommands();
                driver.invalidate(context, first * PAGE + (last > first ? 0xFFF : 0), last * PAGE, false);
                checkAtc(first, last);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 4095, 4096, 4097, 1L << 40, -1L >>> 1})
    void atTheTopTheAtcIsCoveredToo(long distance) {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, -1 - distance, -1, false);

        checkAtc((-1 - distance) >>> 12, TOP_PAGE);
    }

    private void checkAtc(long first, long last) {
        Cmd atc = fixture.takeCommands().stream()
                .filter(command -> command.opcode() == 0x40)
                .findFirst()
                .orElseThrow();
        long size = atc.word1() & 0x3f;
        long page = atc.word1() >>> 12;
        assertThat(page & ((1L << size) - 1)).as("aligned").isZero();
        assertThat(page).isLessThanOrEqualTo(first);
        assertThat(page + (1L << size) - 1).isGreaterThanOrEqualTo(last);
        // The smallest such block: one half of it would not do.
        assertThat(size == 0 || (first >>> (size - 1)) != (last >>> (size - 1))).isTrue();
    }

    @Test
    void atcSpansAreTheSheetsVectors() {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 8 * PAGE, 12 * PAGE - 1, false);
        assertThat(fixture.takeCommands()).contains(Cmd.of(0x0000_1234_00c0_5840L, 0x8002));

        driver.invalidate(context, 7 * PAGE, 11 * PAGE - 1, false);
        assertThat(fixture.takeCommands()).contains(Cmd.of(0x0000_1234_00c0_5840L, 0x4));

        driver.invalidate(context, 0x7F12_3440_0000L, 0x7F12_345F_FFFFL, false);
        assertThat(fixture.takeCommands()).contains(Cmd.of(0x0000_1234_00c0_5840L, 0x7f12_3440_0009L));
    }

    @Test
    void anEmptyRangeIsACallersMistake() {
        TranslationContext context = fixture.bound();

        assertThatThrownBy(() -> driver.invalidate(context, 0x1000, 0xFFF, false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
