package dev.sva4j.qemu.smmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.vendor.smmu.layout.EventId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random tables, accesses and changes on our SMMUv3 and on QEMU's. {@code sva4j.qemu.seeds} says how many cases, {@code
 * sva4j.qemu.first} from which seed on; {@code sva4j.qemu.replay} is a file with cases to play instead.
 */
class SmmuAgainstQemuTest {
    private static final int SEEDS = Integer.getInteger("sva4j.qemu.seeds", 4_000);
    private static final long FIRST = Long.getLong("sva4j.qemu.first", 1);
    private static final String REPLAY = "sva4j.qemu.replay";

    /** Below, a run is too short for everything to occur. */
    private static final int LONG_RUN = 4_000;

    @Test
    void both_have_the_same_effects_and_every_known_deviation_occurs() {
        QemuBinary binary = QemuBinary.require("aarch64");
        long start = System.nanoTime();
        try (Arena arena = new Arena(binary)) {
            for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
                arena.play(Generator.of(seed));
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            System.out.printf(
                    "SMMUv3 against %s: %,d cases in %,d ms, %,d probes/s%n%s",
                    binary.version(), SEEDS, millis, arena.totals().probes() * 1_000 / millis, arena.totals());

            if (SEEDS >= LONG_RUN) {
                assertThat(arena.unseenDeviations())
                        .as("known deviations that do not occur")
                        .isEmpty();
                assertThat(arena.totals().events())
                        .as("events that both sides have without substreams, stalls and ATS")
                        .contains(
                                EventId.C_BAD_STREAMID,
                                EventId.F_STE_FETCH,
                                EventId.C_BAD_STE,
                                EventId.F_CD_FETCH,
                                EventId.C_BAD_CD,
                                EventId.F_WALK_EABT,
                                EventId.F_TRANSLATION,
                                EventId.F_ADDR_SIZE,
                                EventId.F_ACCESS,
                                EventId.F_PERMISSION);
            }
        }
    }

    @Test
    void cases_that_differed_once_do_not() throws IOException {
        play(cases());
    }

    @Test
    @EnabledIfSystemProperty(named = REPLAY, matches = ".+")
    void what_was_asked_for_is_replayed() throws IOException {
        play(Case.parse(Files.readAllLines(Path.of(System.getProperty(REPLAY)))));
    }

    private static void play(List<Case> cases) {
        try (Arena arena = new Arena(QemuBinary.require("aarch64"))) {
            cases.forEach(arena::playWithEachBehaviour);
        }
    }

    private static List<Case> cases() throws IOException {
        try (InputStream in = SmmuAgainstQemuTest.class.getResourceAsStream("cases.txt")) {
            return Case.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }
}
