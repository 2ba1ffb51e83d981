/**
 * The demonstration: a process shares its memory with devices and dies while they keep writing. Start at {@code
 * DemoScenario}.
 */
@NullMarked
package dev.sva4j.cli.demo;

import org.jspecify.annotations.NullMarked;
