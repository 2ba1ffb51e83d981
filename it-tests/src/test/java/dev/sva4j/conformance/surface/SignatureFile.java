package dev.sva4j.conformance.surface;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The committed listing of a module, and what it takes to change it. */
final class SignatureFile {
    static final String UPDATE_PROPERTY = "sva4j.surface.update";
    static final String UPDATE_COMMAND =
            "mvn -pl it-tests -am test -Dtest=PublicSurfaceTest -Dsurefire.failIfNoSpecifiedTests=false -D"
                    + UPDATE_PROPERTY;

    private final Path path;
    private final String name;
    private final Changelog changelog;

    /** @param name as messages call it */
    SignatureFile(Path path, String name, Changelog changelog) {
        this.path = path;
        this.name = name;
        this.changelog = changelog;
    }

    /** Throws unless the file says what {@code current} does. */
    void check(List<String> current) throws IOException {
        requireSection();
        List<String> difference = LineDiff.of(listing(), current);
        if (!difference.isEmpty()) {
            throw new AssertionError(String.join(
                    "\n",
                    "The published surface is not what " + name
                            + " says. If that is meant, add a line with the reason to section '" + changelog.version()
                            + "' of CHANGELOG.md, then run",
                    "  " + UPDATE_COMMAND,
                    "--- " + name,
                    "+++ as compiled",
                    String.join("\n", difference)));
        }
    }

    /** Writes {@code current} to the file, if it is new and {@code CHANGELOG.md} has more to say than at the last change. */
    void update(List<String> current) throws IOException {
        requireSection();
        if (listing().equals(current)) {
            return;
        }
        if (content().contains(mark())) {
            throw new AssertionError("The published surface has changed since " + name
                    + " was written, and CHANGELOG.md has not: add a line with the reason to section '"
                    + changelog.version()
                    + "' first");
        }
        List<String> header = List.of(
                "# What others can use of this module. PublicSurfaceTest compares it with what was compiled. After a change:",
                "# a line with the reason in CHANGELOG.md, then",
                "#   " + UPDATE_COMMAND,
                mark(),
                "");
        Files.createDirectories(path.getParent());
        Files.writeString(
                path, Stream.concat(header.stream(), current.stream()).collect(Collectors.joining("\n", "", "\n")));
    }

    private void requireSection() {
        if (changelog.isEmpty()) {
            throw new AssertionError("CHANGELOG.md has no section '## " + changelog.version()
                    + "', or nothing in it; what this version changes belongs there");
        }
    }

    private String mark() {
        return "# CHANGELOG.md then: " + changelog.version() + " " + changelog.digest();
    }

    private List<String> content() throws IOException {
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private List<String> listing() throws IOException {
        List<String> lines = new ArrayList<>(content());
        lines.removeIf(line -> line.startsWith("#"));
        return lines.stream().dropWhile(String::isEmpty).toList();
    }
}
