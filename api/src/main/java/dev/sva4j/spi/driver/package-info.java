/**
 * Building blocks for driver halves: what every architecture's driver needs and no manual describes.
 *
 * <p>{@link dev.sva4j.spi.driver.Unit} reads registers and waits, {@link dev.sva4j.spi.driver.TableMemory} owns the frames
 * of tables and queues, {@link dev.sva4j.spi.driver.LeafTables} allocates second levels on demand, {@link
 * dev.sva4j.spi.driver.TagAllocator} hands out cache tags, {@link dev.sva4j.spi.driver.ContextBonds} says which entries
 * refer to an address space, {@link dev.sva4j.spi.driver.CommandBatch} collects commands, {@link
 * dev.sva4j.spi.driver.CompletionQueue} issues them to a {@link dev.sva4j.spi.driver.CompletionRing} and
 * waits, and {@link dev.sva4j.spi.driver.QueueConsumer} lets one task at a time empty what hardware fills. A plug-in may use
 * them, or bring its own.
 */
@NullMarked
package dev.sva4j.spi.driver;

import org.jspecify.annotations.NullMarked;
