/**
 * A small declarative language for hardware structures: tables, queue entries and registers.
 *
 * <p>A structure is declared once, as a list of named bit ranges in the manual's names and order
 * ({@link dev.sva4j.spi.layout.StructLayout}, {@link dev.sva4j.spi.layout.RegisterLayout}). Encoding, decoding, checks,
 * print-outs and documentation tables all come from that list:
 *
 * <pre>{@code
 * public static final StructLayout LAYOUT = StructLayout.builder("L1STD", 1, "IHI 0070 §5.1")
 *         .field("Span", 0, 4, 0, "2^(Span-1) entries; 0 = invalid")
 *         .address("L2Ptr", 0, 55, 6, "second-level table")
 *         .build();
 * public static final BitField SPAN = LAYOUT.field("Span");
 * }</pre>
 *
 * <p>Vocabulary: a <em>word</em> is 64 bits, word 0 at the lowest address; {@code q1[29:28]} is bits 29 to 28 of word 1.
 */
@NullMarked
package dev.sva4j.spi.layout;

import org.jspecify.annotations.NullMarked;
