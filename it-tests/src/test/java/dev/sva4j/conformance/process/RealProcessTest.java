package dev.sva4j.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.CoreProvider;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user's program in a JVM of its own finds core and plug-ins as services: from the module path without a word about them, and from the
 * class path. Tests run inside a build see neither, because there everything is on one class path and open.
 */
class RealProcessTest {
    private static final String MODULE = "dev.sva4j.usersprogram";
    private static final String MAIN = MODULE + ".Main";

    @TempDir
    private static Path classes;

    @BeforeAll
    static void compileTheProgram() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--release", "17", "-d", classes.toString()));
        arguments.addAll(List.of("-p", modulePath() + File.pathSeparator + annotations()));
        for (String source : List.of("module-info.java", "Main.java")) {
            Path copy = Files.createDirectories(classes.resolve("sources")).resolve(source);
            try (InputStream text = RealProcessTest.class.getResourceAsStream("/process/" + source + ".txt")) {
                assertThat(text).as("source of the program").isNotNull();
                Files.copy(text, copy);
            }
            arguments.add(copy.toString());
        }
        int errors = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(errors).as("errors of the compiler").isZero();
    }

    @Test
    void findsThePluginOnTheModulePath() throws IOException, InterruptedException {
        String output = run("-p", modulePath() + File.pathSeparator + classes, "-m", MODULE + "/" + MAIN);

        assertThat(output)
                .contains("named module: true")
                .contains("found: arm-smmu-v3")
                .contains("the device wrote: 42");
    }

    @Test
    void findsThePluginOnTheClassPath() throws IOException, InterruptedException {
        String output = run("-cp", modulePath() + File.pathSeparator + classes, MAIN);

        assertThat(output)
                .contains("named module: false")
                .contains("found: arm-smmu-v3")
                .contains("the device wrote: 42");
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // Guice's generator of byte code warns of itself on newer JDKs.
        command.add("-Dguice_bytecode_gen_option=DISABLED");
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(classes, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("the program ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(process.exitValue()).as("exit code; output:%n%s", output).isZero();
        return output;
    }

    /** What a user has who declares a dependency on api and on one plug-in: jars if they are packaged, folders of classes if not. */
    private static String modulePath() {
        Stream<String> ours =
                Stream.of(SvaSystem.class, coreClass(), SmmuVendor.class).map(RealProcessTest::locationOf);
        return String.join(
                File.pathSeparator,
                Stream.concat(
                                ours,
                                libraries("guice-", "guava-", "failureaccess-", "jakarta.inject-api-", "aopalliance-"))
                        .toList());
    }

    /** The published signatures carry them, so a compiler wants them; a JVM does not. */
    private static String annotations() {
        return String.join(
                File.pathSeparator, libraries("jspecify-", "apiguardian-api-").toList());
    }

    private static Stream<String> libraries(String... names) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Stream.of(names)
                        .anyMatch(
                                name -> Path.of(entry).getFileName().toString().startsWith(name)));
    }

    private static Class<?> coreClass() {
        return ServiceLoader.load(CoreProvider.class).findFirst().orElseThrow().getClass();
    }

    private static String locationOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
