package dev.sva4j.spi.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StructureFetchTest {
    private static final Behaviour SHUFFLED = new Behaviour(1, 0, 0, false, false, true, false);

    private final PhysicalMemory memory = mock(PhysicalMemory.class);
    private final List<Long> order = new ArrayList<>();

    @BeforeEach
    void memoryHoldsItsAddresses() {
        when(memory.loadAcquire(anyLong())).thenAnswer(load -> {
            long pa = load.getArgument(0);
            if (pa >= 0x2000) {
                throw new MemoryAbortException(pa, "no memory there");
            }
            order.add(pa);
            return pa;
        });
    }

    @Test
    void withoutShufflingWordsComeInOrder() {
        long[] words = new StructureFetch(memory, Behaviour.TYPICAL).read(0x1000, 4);
        assertThat(words).containsExactly(0x1000, 0x1008, 0x1010, 0x1018);
        assertThat(order).containsExactly(0x1000L, 0x1008L, 0x1010L, 0x1018L);
    }

    @Test
    void shuffledWordsComeInManyOrdersAndLandWhereTheyBelong() {
        StructureFetch fetch = new StructureFetch(memory, SHUFFLED);
        Set<List<Long>> orders = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            order.clear();
            assertThat(fetch.read(0x1000, 4)).containsExactly(0x1000, 0x1008, 0x1010, 0x1018);
            orders.add(List.copyOf(order));
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    @Test
    void fixedWordsComeFirst() {
        StructureFetch fetch = new StructureFetch(memory, SHUFFLED);
        for (int i = 0; i < 100; i++) {
            order.clear();
            assertThat(fetch.read(0x1000, 4, 2)).containsExactly(0x1000, 0x1008, 0x1010, 0x1018);
            assertThat(order.subList(0, 2)).containsExactly(0x1000L, 0x1008L);
        }
    }

    @Test
    void anAbortOfAnyWordIsOneOfTheStructure() {
        assertThat(new StructureFetch(memory, SHUFFLED).read(0x1ff8, 2)).isNull();
    }
}
