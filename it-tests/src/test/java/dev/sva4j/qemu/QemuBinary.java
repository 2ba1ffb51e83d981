package dev.sva4j.qemu;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A QEMU that is installed on this machine.
 *
 * @param path of the program
 * @param version the first line that it says of itself
 */
public record QemuBinary(Path path, String version) {
    /** {@code -Dsva4j.qemu.aarch64=PATH}, likewise for other targets; without it the search path decides. */
    private static final String PROPERTY = "sva4j.qemu.";

    /** Set by every usual continuous-integration service. */
    private static final boolean IN_CI = "true".equals(System.getenv("CI"));

    /** QEMU for this target ({@code aarch64}, {@code x86_64}), or empty if there is none. */
    public static Optional<QemuBinary> find(String target) {
        String name = "qemu-system-" + target;
        String given = System.getProperty(PROPERTY + target);
        if (given != null) {
            return Optional.of(new QemuBinary(Path.of(given), versionOf(Path.of(given))));
        }
        String searchPath = System.getenv("PATH");
        return searchPath == null
                ? Optional.empty()
                : Arrays.stream(searchPath.split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .map(path -> new QemuBinary(path, versionOf(path)));
    }

    /** QEMU for this target. Without it the test is skipped; in continuous integration it fails. */
    public static QemuBinary require(String target) {
        return find(target).orElseGet(() -> {
            String reason = "no qemu-system-" + target + " on the PATH and -D" + PROPERTY + target + " not set";
            return IN_CI ? fail(reason + ": nothing would be compared") : abort("SKIPPED: " + reason);
        });
    }

    private static String versionOf(Path path) {
        String version = query(path, "--version").lines().findFirst().orElse("");
        if (!version.startsWith("QEMU emulator")) {
            throw new IllegalStateException(path + " is not QEMU: --version says '" + version + "'");
        }
        return version;
    }

    /** Whether this build knows the machine, e.g. {@code virt-9.1}. */
    public boolean hasMachine(String name) {
        return query(path, "-machine", "help").lines().anyMatch(line -> line.startsWith(name + " "));
    }

    /** Whether this build knows the property of the device. */
    public boolean hasProperty(String device, String property) {
        return query(path, "-device", device + ",help")
                .lines()
                .anyMatch(line -> line.strip().startsWith(property + "="));
    }

    /** What it prints for these arguments and then ends. */
    private static String query(Path path, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(path.toString());
        builder.command().addAll(Arrays.asList(arguments));
        builder.redirectErrorStream(true);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            try (var output = process.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
