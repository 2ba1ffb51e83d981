/** Process address spaces: mapped ranges, page tables, frames, faults, fork, exit and reclaim. */
@NullMarked
package dev.sva4j.core.mm;

import org.jspecify.annotations.NullMarked;
