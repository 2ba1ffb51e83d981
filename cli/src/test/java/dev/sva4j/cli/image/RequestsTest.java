package dev.sva4j.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.cli.Cli;
import dev.sva4j.cli.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines in, lines out. */
class RequestsTest {
    private static final String GOOD = "00:08.0 - 0x1000 r";
    private static final String ANSWER = "{\"pa\":\"0x1000\"}";

    private static Cli.Result translate(String input, String... more) {
        String[] args = {
            "translate",
            Golden.SMMUV3.image().toString(),
            "--registers",
            Golden.SMMUV3.registers().toString()
        };
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Cli.runWith(input, all);
    }

    @Test
    void noLineNoAnswer() {
        assertThat(translate("")).isEqualTo(new Cli.Result(0, "", ""));
    }

    @Test
    void lastLineNeedsNoEnd() {
        assertThat(translate(GOOD)).isEqualTo(new Cli.Result(0, ANSWER + "\n", ""));
    }

    @Test
    void blanksAndCarriageReturnsDoNotMatter() {
        assertThat(translate("  00:08.0\t-   0x1000 r \r\n")).isEqualTo(new Cli.Result(0, ANSWER + "\n", ""));
    }

    @Test
    void requestsFromAFile(@TempDir Path folder) throws IOException {
        Path requests = Files.writeString(folder.resolve("requests"), GOOD + "\n" + GOOD + "\n");
        assertThat(translate("ignored", "--requests", requests.toString()).lines())
                .containsExactly(ANSWER, ANSWER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "00:08.0 - 0x1000",
                "00:08.0 - 0x1000 r more",
                "00:20.0 - 0x1000 r",
                "00:08.8 - 0x1000 r",
                "0001:00:08.0 - 0x1000 r",
                "100:08.0 - 0x1000 r",
                "0x100000000 - 0x1000 r",
                "-1 - 0x1000 r",
                "+64 - 0x1000 r",
                "00:08.0 1048576 0x1000 r",
                "00:08.0 -1 0x1000 r",
                "00:08.0 x 0x1000 r",
                "00:08.0 - 1000h r",
                "00:08.0 - 0x10000000000000000 r",
                "00:08.0 - 18446744073709551616 r",
                "00:08.0 - 0x r",
                "00:08.0 - 0x1000 rw",
                "00:08.0 - 0x1000 R",
                "\u0660\u0660:08.0 - 0x1000 r"
            })
    void badLineIsAnsweredInItsPlace(String bad) {
        Cli.Result result = translate(GOOD + "\n" + bad + "\n" + GOOD + "\n");
        List<Map<String, Object>> answers =
                result.lines().stream().map(JsonTree::object).toList();
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0)).containsExactly(Map.entry("pa", "0x1000"));
        assertThat(answers.get(1)).containsEntry("pa", null).containsOnlyKeys("pa", "fault");
        assertThat((String) answers.get(1).get("fault")).startsWith("bad request: ");
        assertThat(answers.get(2)).containsExactly(Map.entry("pa", "0x1000"));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("1 of 3 lines are no requests; line 2: ");
    }

    @Test
    void lineWithoutEndIsCutNotKept() {
        Cli.Result result = translate("x".repeat(5_000_000) + "\n" + GOOD + "\n");
        assertThat(result.lines()).hasSize(2);
        assertThat(result.out().length()).isLessThan(500);
        assertThat(result.lines().get(1)).isEqualTo(ANSWER);
    }

    @Test
    void widestNumbers() {
        Cli.Result result = translate("4294967295 - 18446744073709551615 r\nffFF - 0 r\nff:1f.7 - 0XFF w\n");
        assertThat(result.lines())
                .containsExactly(
                        "{\"pa\":null,\"fault\":\"C_BAD_STREAMID\"}",
                        "{\"pa\":null,\"fault\":\"bad request: no device 'ffFF': give bb:dd.f or a requester id\"}",
                        "{\"pa\":null,\"fault\":\"C_BAD_STREAMID\"}");
    }
}
