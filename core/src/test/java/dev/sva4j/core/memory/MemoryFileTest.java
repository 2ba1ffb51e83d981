package dev.sva4j.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.MemoryRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules of {@link MemoryFile}. */
class MemoryFileTest {
    private static final MemoryRange RANGE = new MemoryRange(0x8000_0000L, 0x3000);

    @Test
    void who_maps_the_file_shares_the_memory() throws IOException {
        try (MemoryFile file = MemoryFile.create(RANGE)) {
            MappedMemory theirs = MappedMemory.map(pathOf(file), List.of(new MemoryRange(0, RANGE.length())));

            file.memory().storeRelease(RANGE.start() + 0x1008, 5);

            assertThat(theirs.loadAcquire(0x1008)).isEqualTo(5);
        }
    }

    @Test
    void closing_leaves_no_file_behind_and_the_memory_in_place() throws IOException {
        MemoryFile file = MemoryFile.create(RANGE);
        Path path = pathOf(file);
        file.memory().store(RANGE.start(), 5);

        file.close();

        assertThat(path).doesNotExist();
        assertThat(file.memory().load(RANGE.start())).isEqualTo(5);
    }

    @Test
    void nobody_else_may_open_the_file() throws IOException {
        try (MemoryFile file = MemoryFile.create(RANGE)) {
            assertThat(Files.getPosixFilePermissions(pathOf(file)))
                    .allSatisfy(permission -> assertThat(permission.name()).startsWith("OWNER_"));
        }
    }

    @Test
    void a_range_that_cannot_be_mapped_is_refused() {
        assertThatThrownBy(() -> MemoryFile.create(new MemoryRange(4, 8))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Path pathOf(MemoryFile file) {
        return file.memory().file().orElseThrow();
    }
}
