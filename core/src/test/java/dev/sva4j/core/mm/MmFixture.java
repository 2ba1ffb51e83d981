package dev.sva4j.core.mm;

import dev.sva4j.core.event.Listeners;
import dev.sva4j.core.memory.BuddyFrameAllocator;
import dev.sva4j.core.memory.HeapMemory;
import dev.sva4j.core.schedule.ThreadScheduler;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import java.util.List;

/** An address space without devices, in memory of a given size. */
final class MmFixture implements AutoCloseable {
    final HeapMemory memory;
    final FrameAllocator allocator;
    final ThreadScheduler scheduler = new ThreadScheduler();
    final MmEnvironment environment;
    int lastReferences;

    MmFixture(long bytes) {
        memory = new HeapMemory(0x8000_0000L, bytes);
        allocator = new BuddyFrameAllocator(memory);
        environment = new MmEnvironment(
                memory,
                allocator,
                new FrameTable(memory, allocator),
                scheduler,
                Vmsav8_64.LINUX_4K,
                new Listeners(List.of()));
    }

    ProcessMm create(String name) {
        return ProcessMm.create(name, environment, mm -> {}, mm -> lastReferences++);
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
