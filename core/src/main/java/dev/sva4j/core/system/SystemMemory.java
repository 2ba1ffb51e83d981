package dev.sva4j.core.system;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SystemConfiguration;
import dev.sva4j.core.memory.HeapMemory;
import dev.sva4j.core.memory.MemoryFile;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The physical memory of a system that starts: the caller's; or core's own, in a file if the hardware half needs that.
 * Closed once the IOMMUs are up: the file's name goes then.
 */
final class SystemMemory implements AutoCloseable {
    // Above the doorbells and registers of real machines, so that an address says at a glance whether it is memory.
    private static final long BASE = 0x8000_0000L;

    private final PhysicalMemory memory;
    private final @Nullable MemoryFile file;

    private SystemMemory(PhysicalMemory memory, @Nullable MemoryFile file) {
        this.memory = memory;
        this.file = file;
    }

    static SystemMemory of(SystemConfiguration configuration) {
        boolean inFile = configuration.hardware().needsMemoryFile();
        PhysicalMemory given = configuration.memory();
        if (given != null) {
            if (inFile && given.file().isEmpty()) {
                throw new SvaException(
                        SvaError.UNSUPPORTED,
                        "hardware half '" + configuration.hardware().id()
                                + "' is in another process and needs memory that is in a file; "
                                + "give the size of the memory only, and the system makes such a one");
            }
            return new SystemMemory(given, null);
        }
        if (!inFile) {
            return new SystemMemory(new HeapMemory(BASE, configuration.memoryBytes()), null);
        }
        try {
            MemoryFile file = MemoryFile.create(new MemoryRange(BASE, configuration.memoryBytes()));
            return new SystemMemory(file.memory(), file);
        } catch (IOException e) {
            throw new SvaException(
                    SvaError.NO_MEMORY, "no file of " + configuration.memoryBytes() + " bytes for memory: " + e, e);
        }
    }

    PhysicalMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
