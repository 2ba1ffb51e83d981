package dev.sva4j.core.memory;

import dev.sva4j.spi.MemoryRange;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file for memory that other processes map too, deleted when closed. What is mapped by then stays shared, so nothing
 * is left behind however the processes end.
 */
public final class MemoryFile implements AutoCloseable {
    /** Where files are memory, not copies of it on a disk. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;
    private final MappedMemory memory;

    private MemoryFile(Path path, MappedMemory memory) {
        this.path = path;
        this.memory = memory;
    }

    /**
     * A file of zeroes which only this user can open, mapped. What nobody touches takes no space.
     *
     * @param range where it is in physical memory; start and length are multiples of 8
     */
    public static MemoryFile create(MemoryRange range) throws IOException {
        Path path = hasRoom(range.length())
                ? Files.createTempFile(SHARED_MEMORY, "sva4j", ".ram")
                : Files.createTempFile("sva4j", ".ram");
        try {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(range.length());
            }
            return new MemoryFile(path, MappedMemory.map(path, List.of(range)));
        } catch (IOException | RuntimeException | Error e) {
            Files.delete(path);
            throw e;
        }
    }

    /** A store to a page that the file system has no room for would end the JVM's thread. */
    private static boolean hasRoom(long bytes) throws IOException {
        return Files.isWritable(SHARED_MEMORY)
                && Files.getFileStore(SHARED_MEMORY).getUsableSpace() >= bytes;
    }

    /** The memory. */
    public MappedMemory memory() {
        return memory;
    }

    /** Deletes the file, or lets it go with the JVM where what is mapped cannot be deleted. The memory stays. */
    @Override
    public void close() {
        File file = path.toFile();
        if (!file.delete()) {
            file.deleteOnExit();
        }
    }
}
