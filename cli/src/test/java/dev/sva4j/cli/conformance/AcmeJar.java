package dev.sva4j.cli.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.IommuVendor;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds the jar of a plug-in that is not installed, as its author would: compiled, packed, announced; no module. */
final class AcmeJar {
    private static final String VENDOR = "acme.AcmeVendor";

    private final Path folder;
    private String id = "acme";
    private String architecture = "smmu-v3";
    private boolean hasDriver = true;
    private boolean quiesces = true;
    private String announced = VENDOR;
    private String deviations = "";

    private AcmeJar(Path folder) {
        this.folder = folder;
    }

    /** @param folder an empty folder to work in */
    static AcmeJar in(Path folder) {
        return new AcmeJar(folder);
    }

    AcmeJar id(String value) {
        id = value;
        return this;
    }

    AcmeJar architecture(String value) {
        architecture = value;
        return this;
    }

    AcmeJar hardwareOnly() {
        hasDriver = false;
        return this;
    }

    AcmeJar neverQuiescing() {
        quiesces = false;
        return this;
    }

    /** What it declares to break. */
    AcmeJar deviating(String text) {
        deviations = text;
        return this;
    }

    /** What {@code META-INF/services} says; nothing at all if empty. */
    AcmeJar announcing(String text) {
        announced = text;
        return this;
    }

    Path build() throws IOException {
        Path classes = compile();
        Path jar = folder.resolve(id + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
            if (!announced.isEmpty()) {
                out.putNextEntry(new JarEntry("META-INF/services/" + IommuVendor.class.getName()));
                out.write(announced.getBytes(UTF_8));
            }
            if (!deviations.isEmpty()) {
                out.putNextEntry(new JarEntry("META-INF/sva4j/deviations/" + id + ".properties"));
                out.write(deviations.getBytes(UTF_8));
            }
        }
        return jar;
    }

    private Path compile() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source")).resolve("AcmeVendor.java");
        Files.writeString(source, source());
        Path classes = folder.resolve("classes");
        int errors = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--release",
                        "17",
                        "-proc:none",
                        "-cp",
                        testPath(),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(errors).as("errors of the compiler").isZero();
        return classes;
    }

    private String source() throws IOException {
        try (InputStream in = AcmeJar.class.getResourceAsStream("/plugin/AcmeVendor.java.txt")) {
            assertThat(in).as("source of the plug-in").isNotNull();
            String text = new String(in.readAllBytes(), UTF_8);
            Map<String, Object> values = Map.of(
                    "{ID}", id, "{ARCHITECTURE}", architecture, "{HAS_DRIVER}", hasDriver, "{QUIESCES}", quiesces);
            for (Map.Entry<String, Object> each : values.entrySet()) {
                text = text.replace(each.getKey(), each.getValue().toString());
            }
            return text;
        }
    }

    private static String testPath() {
        return Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path")
                .map(name -> System.getProperty(name, ""))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
