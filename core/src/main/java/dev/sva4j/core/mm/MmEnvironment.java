package dev.sva4j.core.mm;

import dev.sva4j.core.event.Listeners;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.pagetable.PageTableFormat;

/**
 * What every address space of a system shares.
 *
 * @param memory as the CPUs see it
 * @param allocator of tables
 * @param frames data frames
 * @param scheduler for all waiting
 * @param format in which the CPUs write their tables
 * @param listeners told of exits
 */
public record MmEnvironment(
        PhysicalMemory memory,
        FrameAllocator allocator,
        FrameTable frames,
        Scheduler scheduler,
        PageTableFormat format,
        Listeners listeners) {}
