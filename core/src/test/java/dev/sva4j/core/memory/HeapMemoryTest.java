package dev.sva4j.core.memory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules of {@link HeapMemory}. */
class HeapMemoryTest extends PhysicalMemoryRules {
    @Override
    PhysicalMemory memory(List<MemoryRange> ranges) {
        return new HeapMemory(ranges);
    }

    @Test
    void a_region_that_is_too_long_for_an_array_is_refused() {
        assertThatThrownBy(() -> new HeapMemory(BASE, HeapMemory.MAX_REGION_LENGTH + 8))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
