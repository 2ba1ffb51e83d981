package dev.sva4j.core.memory;

import java.nio.file.Path;

/**
 * A memory image cannot be used. The message says in one line which file, what is wrong with it and where, and what to
 * do about it.
 */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The file; transient because paths are not serializable. */
    private final transient Path path;

    /**
     * An error in the file {@code path}.
     *
     * @param problem what is wrong and where, a clause
     * @param remedy what to do, a clause
     */
    ImageException(Path path, String problem, String remedy) {
        super("memory image " + path + ": " + problem + "; " + remedy);
        this.path = path;
    }

    /** Like the other constructor, with the error beneath. */
    ImageException(Path path, String problem, String remedy, Throwable cause) {
        super("memory image " + path + ": " + problem + "; " + remedy, cause);
        this.path = path;
    }

    /** The file. */
    public Path path() {
        return path;
    }
}
