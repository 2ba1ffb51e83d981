package dev.sva4j.core.bond;

import dev.sva4j.core.event.Listeners;
import dev.sva4j.core.pasid.PasidSpace;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;

/**
 * What bonds and domains need of the system.
 *
 * @param scheduler for all waiting
 * @param listeners told of state changes
 * @param pasids where numbers come from
 * @param memory where the tables of domains are
 * @param allocator of those tables
 */
public record BondServices(
        Scheduler scheduler, Listeners listeners, PasidSpace pasids, PhysicalMemory memory, FrameAllocator allocator) {}
