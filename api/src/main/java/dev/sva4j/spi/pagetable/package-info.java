/**
 * Page tables: formats as data plus a few functions on entries, and the engine with which <em>software</em> reads and
 * changes them.
 *
 * <p>Vocabulary: a <b>va</b> is the address that a table translates, an <b>oa</b> (output address) what it is
 * translated to. A <b>table</b> is an array of 64-bit <b>entries</b>; an entry is absent, or points to a table one
 * level down, or is a <b>leaf</b> that maps memory. <b>Level</b> 0 is the level that has only leaves, in every format;
 * the manuals' own names appear in comments. Ranges are {@code start … last}, both inclusive, so that the end of the
 * address space can be expressed.
 *
 * <p>To add a format: start from {@link dev.sva4j.spi.pagetable.X86_64}, then run its laws (the test class
 * {@code PageTableFormatLawsTest}) over it. What hardware does with a table, that is permissions, accessed and dirty
 * updates, nesting and the order of faults, is not here: each hardware model has its own walker over the same entry
 * functions, so that two readings of the manual check each other.
 */
@NullMarked
package dev.sva4j.spi.pagetable;

import org.jspecify.annotations.NullMarked;
