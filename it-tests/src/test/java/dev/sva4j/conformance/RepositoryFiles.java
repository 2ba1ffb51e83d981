package dev.sva4j.conformance;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds files of the source tree, whatever folder the tests are started in. */
public final class RepositoryFiles {
    private RepositoryFiles() {}

    /** The folder that holds all modules. */
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("it-tests")) && Files.isDirectory(folder.resolve("api"))) {
                return folder;
            }
        }
        throw new AssertionError("not in a source tree of sva4j: " + Path.of("").toAbsolutePath());
    }
}
