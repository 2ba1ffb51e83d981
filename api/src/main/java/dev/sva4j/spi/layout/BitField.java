package dev.sva4j.spi.layout;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * A contiguous bit range {@code [hi:lo]} of one 64-bit word.
 *
 * <p>Functions on a plain {@code long} allocate nothing. A record, because a compiler may treat the components of a
 * record held in a {@code static final} constant as constants, so that {@link #get} costs a shift and a mask.
 *
 * @param structure the structure or register that declares the field
 * @param name the manual's name
 * @param word index of the 64-bit word
 * @param hi highest bit, inclusive
 * @param lo lowest bit
 * @param isAddress whether the value is an address kept in place
 * @param meaning what the field means
 * @param values names of particular values
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record BitField(
        String structure,
        String name,
        int word,
        int hi,
        int lo,
        boolean isAddress,
        String meaning,
        Map<Long, String> values)
        implements LayoutField {

    /** Checks that the range lies in a word and that every named value fits. */
    public BitField {
        if (structure.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("a field needs the name of its structure and its own");
        }
        if (word < 0 || lo < 0 || hi < lo || hi > 63) {
            throw new IllegalArgumentException(
                    structure + "." + name + ": no such bit range: word " + word + " [" + hi + ":" + lo + "]");
        }
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        for (long value : values.keySet()) {
            if (Long.compareUnsigned(value, -1L >>> (63 - hi + lo)) > 0) {
                throw new IllegalArgumentException(
                        structure + "." + name + ": named value 0x" + Long.toHexString(value) + " does not fit");
            }
        }
    }

    /** A field that holds a number. */
    public static BitField of(String structure, String name, int word, int hi, int lo, String meaning) {
        return new BitField(structure, name, word, hi, lo, false, meaning, Map.of());
    }

    /** A single-bit field. */
    public static BitField bit(String structure, String name, int word, int bit, String meaning) {
        return new BitField(structure, name, word, bit, bit, false, meaning, Map.of());
    }

    /** A field that holds bits {@code [hi:lo]} of an address at the same bit positions. */
    public static BitField address(String structure, String name, int word, int hi, int lo, String meaning) {
        return new BitField(structure, name, word, hi, lo, true, meaning, Map.of());
    }

    /** This field with a name for one of its values. */
    public BitField withValue(long value, String valueName) {
        Map<Long, String> named = new TreeMap<>(values);
        if (named.put(value, valueName) != null) {
            throw new IllegalArgumentException(
                    structure + "." + name + ": value 0x" + Long.toHexString(value) + " is named twice");
        }
        return new BitField(structure, name, word, hi, lo, isAddress, meaning, named);
    }

    /** The same field declared by another structure: registers that mirror each other, or share a shape. */
    public BitField in(String otherStructure) {
        return new BitField(otherStructure, name, word, hi, lo, isAddress, meaning, values);
    }

    @Override
    public int width() {
        return hi - lo + 1;
    }

    /** The largest value that fits, unsigned. */
    public long max() {
        return -1L >>> (63 - hi + lo);
    }

    /** The bits of the word that belong to this field. */
    public long mask() {
        return max() << lo;
    }

    @Override
    public long mask(int ofWord) {
        return ofWord == word ? mask() : 0;
    }

    /** The field's number, shifted down to bit 0. */
    public long get(long bits) {
        return (bits >>> lo) & max();
    }

    /** Whether any bit of the field is 1; for single-bit fields. */
    public boolean isSet(long bits) {
        return (bits & mask()) != 0;
    }

    /** The field's bits in place, everything else 0. */
    public long getAddress(long bits) {
        return bits & mask();
    }

    /**
     * The word with this field replaced by {@code value}.
     *
     * @throws IllegalArgumentException if the value does not fit
     */
    public long put(long bits, long value) {
        if ((value & ~max()) != 0) {
            throw tooWide(value);
        }
        return (bits & ~mask()) | (value << lo);
    }

    /** The word with this single-bit field replaced by {@code value}. */
    public long put(long bits, boolean value) {
        return put(bits, value ? 1 : 0);
    }

    /**
     * The word with this field replaced by the bits of {@code address}, which are not shifted.
     *
     * @throws IllegalArgumentException if the address has bits below or above the field
     */
    public long putAddress(long bits, long address) {
        if ((address & ~mask()) != 0) {
            throw badAddress(address);
        }
        return (bits & ~mask()) | address;
    }

    /** A word with only this field: {@link #put(long, long)} into 0. */
    public long encode(long value) {
        return put(0, value);
    }

    /** A word with only this single-bit field. */
    public long encode(boolean value) {
        return put(0, value);
    }

    /** A word with only this address field: {@link #putAddress} into 0. */
    public long encodeAddress(long address) {
        return putAddress(0, address);
    }

    /** The word with every bit of this field 0. */
    public long clear(long bits) {
        return bits & ~mask();
    }

    @Override
    public int lastWord() {
        return word;
    }

    @Override
    public long decode(long... words) {
        return isAddress ? getAddress(words[word]) : get(words[word]);
    }

    @Override
    public void encodeInto(long[] words, long value) {
        words[word] = isAddress ? putAddress(words[word], value) : put(words[word], value);
    }

    /** The bit range without the word: {@code [55:6]}, or {@code [0]} for a single bit. */
    public String range() {
        return hi == lo ? "[" + lo + "]" : "[" + hi + ":" + lo + "]";
    }

    @Override
    public String position() {
        return "q" + word + range();
    }

    @Override
    public String toString() {
        return structure + "." + name + " " + position();
    }

    private IllegalArgumentException tooWide(long value) {
        return new IllegalArgumentException(this + ": value 0x" + Long.toHexString(value)
                + " does not fit, the largest is 0x" + Long.toHexString(max()));
    }

    private IllegalArgumentException badAddress(long address) {
        String hex = "address 0x" + Long.toHexString(address);
        // The low bits are the commoner mistake and the one with a number that helps.
        boolean misaligned = (address & ((1L << lo) - 1)) != 0;
        return new IllegalArgumentException(
                misaligned
                        ? this + ": " + hex + " is not aligned to 0x" + Long.toHexString(1L << lo)
                        : this + ": " + hex + " has bits above bit " + hi);
    }
}
