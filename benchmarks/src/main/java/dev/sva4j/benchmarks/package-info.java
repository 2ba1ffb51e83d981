/**
 * What the hot paths cost, each beside a raw baseline of the same run: only the ratio of the two means something on
 * another machine.
 */
@NullMarked
package dev.sva4j.benchmarks;

import org.jspecify.annotations.NullMarked;
