/**
 * Backends of {@link dev.sva4j.spi.PhysicalMemory} and the allocator of its page frames.
 *
 * <p>{@link dev.sva4j.core.memory.HeapMemory} is the memory of a simulated machine,
 * {@link dev.sva4j.core.memory.MemoryImage} the dump of a real one, {@link dev.sva4j.core.memory.BuddyFrameAllocator}
 * hands out frames of either kind of writable memory.
 */
@NullMarked
package dev.sva4j.core.memory;

import org.jspecify.annotations.NullMarked;
