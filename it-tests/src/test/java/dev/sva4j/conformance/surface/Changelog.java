package dev.sva4j.conformance.surface;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sva4j.conformance.RepositoryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The section of {@code CHANGELOG.md} about the version that is being built. */
record Changelog(String version, List<String> lines) {
    // The parent's own version is the first one of the file.
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
    private static final int DIGEST_LENGTH = 16;

    static Changelog ofThisVersion() throws IOException {
        Path root = RepositoryFiles.root();
        Matcher version = VERSION.matcher(Files.readString(root.resolve("pom.xml")));
        if (!version.find()) {
            throw new AssertionError("pom.xml has no version");
        }
        return of(version.group(1), Files.readAllLines(root.resolve("CHANGELOG.md")));
    }

    static Changelog of(String version, List<String> file) {
        List<String> section = file.stream()
                .dropWhile(line -> !line.strip().equals("## " + version))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> !line.isBlank())
                .toList();
        return new Changelog(version, section);
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Tells whether a line was added since. */
    String digest() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", lines).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
