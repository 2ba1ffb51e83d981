package dev.sva4j.spi.layout;

import java.util.Map;
import org.apiguardian.api.API;

/**
 * A named value inside a hardware structure: one bit range ({@link BitField}) or several ({@link SplitField}).
 *
 * <p>The value of an address field is the address itself, in place; the value of any other field is the number in its
 * bits. {@link #decode} and {@link #encodeInto} work on a whole structure and suit print-outs and tests; code that runs
 * per translation uses the functions of the two implementations on single words.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public sealed interface LayoutField permits BitField, SplitField {

    /** The structure or register that declares the field, in the manual's name. */
    String structure();

    /** The manual's name of the field. */
    String name();

    /** What the field means, in a few words. */
    String meaning();

    /** Names of particular values, for print-outs; empty for most fields. Keys iterate in ascending order. */
    Map<Long, String> values();

    /** Whether the value is an address, kept in place and aligned to its lowest bit. */
    boolean isAddress();

    /** Number of bits that hold the value. */
    int width();

    /** Where the bits are, as the manual would write it: {@code q0[55:6]}. */
    String position();

    /** Index of the highest word that holds a bit of this field. */
    int lastWord();

    /** The bits of word {@code word} that belong to this field. */
    long mask(int word);

    /** Reads the value from a whole structure, word 0 first. */
    long decode(long... words);

    /**
     * Writes the value into a whole structure, word 0 first; other bits stay.
     *
     * @throws IllegalArgumentException if the value does not fit
     */
    void encodeInto(long[] words, long value);
}
