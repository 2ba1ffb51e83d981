package dev.sva4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandRunnerTest {
    private static InputStream failing(RuntimeException bug) {
        return new InputStream() {
            @Override
            public int read() {
                throw bug;
            }
        };
    }

    private static String[] translate() throws Exception {
        Path golden = Path.of(
                CommandRunnerTest.class.getResource("/golden/smmuv3.json").toURI());
        return new String[] {
            "translate", golden.resolveSibling("smmuv3.elf.gz").toString(), "--registers", golden.toString()
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "conformance", "demo", "inspect", "translate", "vendors"})
    void everyCommandHasHelp(String command) {
        for (String option : new String[] {"-h", "--help"}) {
            Cli.Result result = command.isEmpty() ? Cli.run(option) : Cli.run(command, option);
            assertThat(result.exitCode()).isZero();
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).startsWith("Usage: sva4j").contains("-h, --help");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "conformance --nonsense",
                "conformance --budget huge",
                "conformance --seed one",
                "conformance --rule",
                "nonsense",
                "--nonsense",
                "vendors --nonsense",
                "vendors more",
                "inspect",
                "inspect a b",
                "translate --requests",
                "demo --policy",
                "demo --policy kill-them-all",
                "demo --seed one",
                "demo --seed 1 --seed 2",
                "@file"
            })
    void badUsageIsOneLine(String line) {
        Cli.Result result = Cli.run(line.isEmpty() ? new String[0] : line.split(" ", -1));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).startsWith("sva4j").contains("--help'");
    }

    @Test
    void bugIsOneLineThatSaysSo() throws Exception {
        Cli.Result result = Cli.runWith(failing(new IllegalStateException("first\nsecond")), false, translate());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err())
                .contains("this is a bug in sva4j: java.lang.IllegalStateException: first; second")
                .contains("SVA4J_DEBUG=1");
    }

    @Test
    void stackTraceOnlyOnDemand() throws Exception {
        Cli.Result result = Cli.runWith(failing(new IllegalStateException("why")), true, translate());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("\tat ");
    }

    @Test
    void unreadableInputIsNoBug() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk on fire");
            }
        };
        Cli.Result result = Cli.runWith(broken, false, translate());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("sva4j translate: reading or writing failed: disk on fire\n");
    }

    @Test
    void vendors() {
        Cli.Result text = Cli.run("vendors");
        assertThat(text.exitCode()).isZero();
        assertThat(text.out())
                .contains("arm-smmu-v3 (smmu-v3)")
                .contains("quiet-cd")
                .contains("images     smmuv3");

        Cli.Result json = Cli.run("vendors", "--json");
        assertThat(json.exitCode()).isZero();
        Map<String, Object> vendor = JsonTree.rows(Map.of("vendors", JsonTree.parse(json.out())), "vendors").stream()
                .filter(each -> each.get("id").equals("arm-smmu-v3"))
                .findFirst()
                .orElseThrow();
        assertThat(vendor)
                .containsEntry("architecture", "smmu-v3")
                .containsEntry("halves", List.of("driver", "hardware"))
                .containsEntry("images", List.of("smmuv3"))
                .containsKeys("description", "carries", "quiesceStrategies");
    }

    @Test
    void noVendorIsSaidClearly() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThat(Cli.run("vendors").out()).startsWith("No IOMMU plug-in is installed");
            assertThat(Cli.run("vendors", "--json").out().strip()).isEqualTo("[ ]");
            Cli.Result demo = Cli.run("demo");
            assertThat(demo.exitCode()).isEqualTo(2);
            assertThat(demo.err().lines()).hasSize(1);
            assertThat(demo.err()).contains("no plug-in with both halves is installed");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
