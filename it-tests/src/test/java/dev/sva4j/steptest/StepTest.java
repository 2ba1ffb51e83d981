package dev.sva4j.steptest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations against a model, under the seeded scheduler. {@code sva4j.steptest.seeds} says how many seeds, {@code sva4j.steptest.first}
 * from which on; {@code sva4j.steptest.replay} is one seed, or a file with scripts, to run alone.
 */
class StepTest {
    private static final int SEEDS = Integer.getInteger("sva4j.steptest.seeds", 300);
    private static final long FIRST = Long.getLong("sva4j.steptest.first", 1);
    private static final String REPLAY = "sva4j.steptest.replay";

    @Test
    void every_operation_ends_as_the_model_says_and_every_legal_end_is_met() {
        Coverage coverage = SeedRunner.run(LongStream.range(FIRST, FIRST + SEEDS));

        System.out.printf(
                "Step test: %d seeds, %d steps, %d operations, by how they ended:%n%s",
                SEEDS, coverage.steps(), coverage.operations(), coverage);
        assertThat(LegalCells.complaints(coverage)).isEmpty();
    }

    @Test
    void seeds_that_failed_once_pass() {
        SeedRunner.run(Fixtures.seeds().stream().mapToLong(Long::longValue));
    }

    static List<Fixtures.Kept> scriptsThatFailedOnce() {
        return Fixtures.scripts();
    }

    @ParameterizedTest
    @MethodSource("scriptsThatFailedOnce")
    void a_script_that_failed_once_passes(Fixtures.Kept script) {
        SeedRunner.run(script.jobs());
    }

    @Test
    @EnabledIfSystemProperty(named = REPLAY, matches = ".+")
    void what_was_asked_for_is_replayed() throws IOException {
        String what = System.getProperty(REPLAY);
        if (what.chars().allMatch(Character::isDigit)) {
            SeedRunner.run(LongStream.of(Long.parseLong(what)));
        } else {
            SeedRunner.run(Fixtures.parse(Files.readAllLines(Path.of(what))).stream()
                    .flatMap(kept -> kept.jobs().stream())
                    .toList());
        }
    }
}
