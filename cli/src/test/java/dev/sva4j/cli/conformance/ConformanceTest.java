package dev.sva4j.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.cli.Cli;
import dev.sva4j.cli.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ConformanceTest {
    private static final String VENDOR = "arm-smmu-v3";

    @TempDir
    private Path folder;

    @Test
    void matrixForPeople() {
        Cli.Result result = Cli.run("conformance", "--vendor", VENDOR, "--rule", "3.1", "--rule", "9.4");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.lines()).element(0).isEqualTo("budget quick, seed 1");
        assertThat(result.lines()).anySatisfy(line -> assertThat(line).matches("3\\.1 +Whatever the device .* passed"));
        assertThat(result.lines()).last().isEqualTo(VENDOR + ": 2 passed, 0 failed, 0 not applicable");
    }

    @Test
    void matrixForPrograms() {
        for (String[] json : new String[][] {{"--json"}, {"--json", "-"}}) {
            Cli.Result result = Cli.run(arguments("conformance --vendor arm-smmu-v3 --rule 3.1 --seed 3", json));

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            Map<String, Object> report = JsonTree.object(result.out());
            assertThat(report)
                    .containsOnlyKeys("budget", "seed", "vendors", "rules", "summary")
                    .containsEntry("budget", "quick")
                    .containsEntry("seed", 3L)
                    .containsEntry("vendors", List.of(VENDOR))
                    .containsEntry("summary", Map.of("passed", 1L, "failed", 0L, "notApplicable", 0L));
            assertThat(JsonTree.rows(report, "rules"))
                    .containsExactly(Map.of(
                            "id",
                            "3.1",
                            "text",
                            "Whatever the device reads or writes MUST be what the process sees at the same address.",
                            "results",
                            Map.of(VENDOR, "passed"),
                            "reasons",
                            Map.of()));
        }
    }

    @Test
    void jsonInAFileLeavesTheMatrixForPeople() throws IOException {
        Path file = folder.resolve("report.json");

        Cli.Result result = Cli.run("conformance", "--vendor", VENDOR, "--rule", "3.1", "--json", file.toString());

        assertThat(result.out()).contains("3.1 ").contains("1 passed");
        assertThat(JsonTree.object(Files.readString(file))).containsEntry("vendors", List.of(VENDOR));
    }

    @Test
    void everyInstalledPluginWithBothHalvesIsTried() {
        Map<String, Object> report = JsonTree.object(
                Cli.run("conformance", "--rule", "9.4", "--json").out());

        assertThat((List<?>) report.get("vendors")).asString().contains(VENDOR);
    }

    @Test
    void aChapterStandsForItsRules() {
        Cli.Result result = Cli.run("conformance", "--vendor", VENDOR, "--rule", "9", "--json");

        assertThat(JsonTree.rows(JsonTree.object(result.out()), "rules"))
                .extracting(rule -> rule.get("id"))
                .containsExactly("9.1", "9.2", "9.3", "9.4", "9.5", "9.6", "9.7");
    }

    @Test
    void aPluginInAJarNeedNotBeInstalled() throws IOException {
        Path jar = AcmeJar.in(folder).build();

        Cli.Result result = Cli.run("conformance", "--plugin", jar.toString(), "--rule", "3.1", "--rule", "2.1");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("not applicable 2.1 on acme: plug-in 'acme' has no decoder")
                .contains("acme: 1 passed, 0 failed, 1 not applicable")
                .doesNotContain(VENDOR);
    }

    @Test
    void aBrokenRuleIsNamedWithItsReason() throws IOException {
        Path jar = AcmeJar.in(folder).neverQuiescing().build();

        Cli.Result result = Cli.run("conformance", "--plugin", jar.toString(), "--rule", "5.1", "--rule", "5.8");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
        assertThat(result.lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("FAILED 5.1 on acme: rule 5.1 (accessAfterExitAborts) with pri0, TENACIOUS: "));
        assertThat(result.out()).contains("acme: 1 passed, 1 failed, 0 not applicable");
    }

    @Test
    void aBrokenRuleThatTheJarDeclaresIsNoFailure() throws IOException {
        Path jar = AcmeJar.in(folder)
                .neverQuiescing()
                .deviating("5.1 = exit is not noticed")
                .build();

        Cli.Result result = Cli.run("conformance", "--plugin", jar.toString(), "--rule", "5.1", "--rule", "5.8");

        assertThat(result.exitCode()).isZero();
        assertThat(result.lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("not applicable 5.1 on acme: deviates: exit is not noticed (rule 5.1 "));
        assertThat(result.out()).contains("acme: 1 passed, 0 failed, 1 not applicable");
    }

    @Test
    void aHardwareHalfIsTriedWithTheDriverHalfOfItsArchitecture() throws IOException {
        Path jar = AcmeJar.in(folder).hardwareOnly().build();

        Cli.Result result = Cli.run("conformance", "--plugin", jar.toString(), "--rule", "3.1");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("arm-smmu-v3+acme: 1 passed");
    }

    @Test
    void halvesCanBeChosen() throws IOException {
        String jar = AcmeJar.in(folder).build().toString();
        String[] halves = {"--driver", "acme", "--hardware", VENDOR};

        Cli.Result result = Cli.run(arguments("conformance --rule 3.1 --plugin " + jar, halves));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("acme+arm-smmu-v3: 1 passed");
    }

    /** Decoding is all that is asked for, and there is no decoder: nothing was found to hold. */
    @Test
    void whereNothingAppliesTheCheckHasFailed() throws IOException {
        Path jar = AcmeJar.in(folder).build();

        Cli.Result result = Cli.run("conformance", "--plugin", jar.toString(), "--rule", "2.1", "--rule", "2.2");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("acme: 0 passed, 0 failed, ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--vendor nobody | no IOMMU plug-in 'nobody'; installed: ",
                "--rule 77.1 | no rule or chapter '77.1'; there are rules 1.1 to ",
                "--rule x | no rule or chapter 'x'",
                "--plugin /no/such.jar | there is no plug-in jar /no/such.jar",
                "--driver arm-smmu-v3 | --driver and --hardware go together",
                "--driver a --hardware b --vendor c | --driver and --hardware go together",
                "--rule 3.1 --json /no/such/folder/report.json | /no/such/folder/report.json"
            })
    void badInputIsOneLine(String input) {
        String[] parts = input.split(" \\| ", -1);
        assertBadInput(Cli.run(arguments("conformance " + parts[0])), parts[1]);
    }

    @Test
    void aFileThatIsNoJarIsOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("plugin.jar"), "not a jar");

        assertBadInput(Cli.run("conformance", "--plugin", file.toString()), "cannot be read as a jar");
    }

    @Test
    void aJarThatAnnouncesNoPluginIsOneLine() throws IOException {
        Path jar = AcmeJar.in(folder).announcing("").build();

        assertBadInput(
                Cli.run("conformance", "--plugin", jar.toString()),
                "announces no IOMMU plug-in: it has to name one in META-INF/services/dev.sva4j.spi.IommuVendor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme.Missing", "no class name"})
    void aJarThatAnnouncesNonsenseIsOneLine(String announced) throws IOException {
        Path jar = AcmeJar.in(folder).announcing(announced).build();

        assertBadInput(Cli.run("conformance", "--plugin", jar.toString()), "cannot be loaded: ");
    }

    @Test
    void aPluginUnderTheNameOfAnInstalledOneIsOneLine() throws IOException {
        Path jar = AcmeJar.in(folder).id(VENDOR).build();

        assertBadInput(
                Cli.run("conformance", "--plugin", jar.toString()), "two plug-ins call themselves 'arm-smmu-v3'");
    }

    @Test
    void halvesOfTwoArchitecturesAreOneLine() throws IOException {
        String jar = AcmeJar.in(folder).architecture("abacus").build().toString();
        String[] halves = {"--driver", VENDOR, "--hardware", "acme"};

        assertBadInput(Cli.run(arguments("conformance --plugin " + jar, halves)), "choose halves of one architecture");
    }

    @Test
    void aHalfWithoutAnotherIsOneLine() throws IOException {
        Path jar = AcmeJar.in(folder).hardwareOnly().architecture("abacus").build();

        assertBadInput(Cli.run("conformance", "--plugin", jar.toString()), "no other half for abacus");
    }

    private static void assertBadInput(Cli.Result result, String message) {
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).startsWith("sva4j conformance: ").contains(message);
    }

    private static String[] arguments(String line, String... more) {
        String[] first = line.split(" ", -1);
        String[] all = new String[first.length + more.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
