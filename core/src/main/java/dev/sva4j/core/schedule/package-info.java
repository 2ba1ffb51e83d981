/**
 * The two {@linkplain dev.sva4j.spi.Scheduler schedulers}: {@link dev.sva4j.core.schedule.ThreadScheduler} with threads
 * and a clock, {@link dev.sva4j.core.schedule.SeededScheduler} with one task at a time in an order that a seed decides,
 * and the lock that both can audit.
 */
@NullMarked
package dev.sva4j.core.schedule;

import org.jspecify.annotations.NullMarked;
