package dev.sva4j.core.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SystemConfiguration;
import dev.sva4j.core.memory.HeapMemory;
import dev.sva4j.core.memory.MemoryFile;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where the memory of a system comes from. */
class SystemMemoryTest {
    private static final long BYTES = 1 << 20;

    @Test
    void memory_is_in_no_file_unless_the_hardware_half_needs_it() {
        try (SystemMemory memory = SystemMemory.of(configuration(false, null))) {
            assertThat(memory.memory().file()).isEmpty();
        }
    }

    @Test
    void memory_is_at_the_same_place_in_a_file_or_not() {
        try (SystemMemory heap = SystemMemory.of(configuration(false, null));
                SystemMemory mapped = SystemMemory.of(configuration(true, null))) {
            assertThat(mapped.memory().ranges()).isEqualTo(heap.memory().ranges());
        }
    }

    @Test
    void the_file_is_there_while_the_hardware_half_is_made_and_no_longer() {
        SystemMemory memory = SystemMemory.of(configuration(true, null));
        Path file = memory.memory().file().orElseThrow();
        assertThat(file).hasSize(BYTES);

        memory.close();

        assertThat(file).doesNotExist();
    }

    @Test
    void the_callers_file_stays() throws IOException {
        try (MemoryFile own = MemoryFile.create(new MemoryRange(0x4000_0000L, BYTES))) {
            SystemMemory.of(configuration(true, own.memory())).close();

            assertThat(own.memory().file().orElseThrow()).exists();
        }
    }

    @Test
    void the_callers_memory_that_is_in_no_file_is_refused_if_the_hardware_half_needs_one() {
        SystemConfiguration configuration = configuration(true, new HeapMemory(0, BYTES));

        assertThatThrownBy(() -> SystemMemory.of(configuration))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.UNSUPPORTED))
                .hasMessageContaining("'elsewhere'");
    }

    private static SystemConfiguration configuration(boolean needsFile, @Nullable PhysicalMemory own) {
        IommuVendor vendor = mock(IommuVendor.class);
        when(vendor.id()).thenReturn("elsewhere");
        when(vendor.needsMemoryFile()).thenReturn(needsFile);
        return new SystemConfiguration(
                vendor, vendor, 1, List.of(), BYTES, own, null, Behaviour.TYPICAL, "", 1, 1, List.of(), null);
    }
}
