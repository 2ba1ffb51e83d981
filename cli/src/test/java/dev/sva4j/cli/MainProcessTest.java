package dev.sva4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command as a process of its own: exit codes, and answers that come before the input has ended. */
@Timeout(120)
class MainProcessTest {
    private static Process start(String... args) throws IOException {
        String path = Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path")
                .map(name -> System.getProperty(name, ""))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", path, Main.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    private static Path golden(String name) throws Exception {
        return Path.of(MainProcessTest.class.getResource("/golden/" + name).toURI());
    }

    @Test
    void exitCodeOfBadUsage() throws Exception {
        Process process = start("nonsense");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8).lines())
                .hasSize(1);
    }

    @Test
    void answersOneByOne() throws Exception {
        Process process = start(
                "translate",
                golden("smmuv3.elf.gz").toString(),
                "--registers",
                golden("smmuv3.json").toString());
        try (Writer to = process.outputWriter(UTF_8);
                BufferedReader from = process.inputReader(UTF_8)) {
            for (int i = 0; i < 3; i++) {
                to.write("00:08.0 - " + i + " r\n");
                to.flush();
                assertThat(from.readLine()).isEqualTo("{\"pa\":\"0x" + i + "\"}");
            }
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
