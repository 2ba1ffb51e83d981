package dev.sva4j.spi.layout;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * A value whose bits are spread over several ranges, perhaps of several words, such as a table root that had to fit
 * into the gaps of an older structure.
 *
 * <p>Each {@link Piece} says which bits of a word hold which bits of the value. A reader that has the words in local
 * variables combines {@code from(0, word0) | from(1, word1)}, which allocates nothing.
 *
 * @param structure the structure that declares the field
 * @param name the manual's name
 * @param isAddress whether the value is an address
 * @param meaning what the field means
 * @param values names of particular values
 * @param pieces the ranges, in the manual's order
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record SplitField(
        String structure, String name, boolean isAddress, String meaning, Map<Long, String> values, List<Piece> pieces)
        implements LayoutField {

    /** Checks that no bit of the value and no bit of the structure is used twice. */
    public SplitField {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        pieces = List.copyOf(pieces);
        if (structure.isBlank() || name.isBlank() || pieces.isEmpty()) {
            throw new IllegalArgumentException("a split field needs a structure, a name and at least one piece");
        }
        long seen = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if ((seen & piece.valueMask()) != 0) {
                throw new IllegalArgumentException(structure + "." + name + ": two pieces hold the same value bit");
            }
            seen |= piece.valueMask();
            for (int j = 0; j < i; j++) {
                Piece other = pieces.get(j);
                if (other.word() == piece.word() && (other.mask() & piece.mask()) != 0) {
                    throw new IllegalArgumentException(
                            structure + "." + name + ": pieces " + other + " and " + piece + " overlap");
                }
            }
        }
    }

    /**
     * Bits {@code [hi:lo]} of word {@code word} hold the value's bits from {@code at} upwards.
     *
     * @param word index of the 64-bit word
     * @param hi highest bit in the word, inclusive
     * @param lo lowest bit in the word
     * @param at the value's bit that lies at {@code lo}
     */
    @API(status = API.Status.STABLE, since = "0.1.0")
    public record Piece(int word, int hi, int lo, int at) {

        /** Checks that both ranges lie in 64 bits. */
        public Piece {
            if (word < 0 || lo < 0 || hi < lo || hi > 63 || at < 0 || at + hi - lo > 63) {
                throw new IllegalArgumentException(
                        "no such piece: word " + word + " [" + hi + ":" + lo + "] at value bit " + at);
            }
        }

        /** The bits of the word that this piece takes. */
        public long mask() {
            return (-1L >>> (63 - hi + lo)) << lo;
        }

        /** The bits of the value that this piece holds. */
        public long valueMask() {
            return (-1L >>> (63 - hi + lo)) << at;
        }

        long from(long bits) {
            return ((bits & mask()) >>> lo) << at;
        }

        long put(long bits, long value) {
            return (bits & ~mask()) | (((value & valueMask()) >>> at) << lo);
        }

        @Override
        public String toString() {
            return hi == lo ? "q" + word + "[" + lo + "]" : "q" + word + "[" + hi + ":" + lo + "]";
        }
    }

    /** What word {@code word} contributes to the value; contributions of the words are or-ed together. */
    public long from(int word, long bits) {
        long value = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.word() == word) {
                value |= piece.from(bits);
            }
        }
        return value;
    }

    /**
     * Word {@code word} with its share of {@code value} put in.
     *
     * @throws IllegalArgumentException if the value has a bit that no piece holds, in this word or another
     */
    public long put(int word, long bits, long value) {
        if ((value & ~valueMask()) != 0) {
            throw new IllegalArgumentException(this + ": value 0x" + Long.toHexString(value)
                    + " does not fit, the bits held are 0x" + Long.toHexString(valueMask()));
        }
        long result = bits;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.word() == word) {
                result = piece.put(result, value);
            }
        }
        return result;
    }

    /** The bits of the value that some piece holds. */
    public long valueMask() {
        long mask = 0;
        for (int i = 0; i < pieces.size(); i++) {
            mask |= pieces.get(i).valueMask();
        }
        return mask;
    }

    @Override
    public int width() {
        return Long.bitCount(valueMask());
    }

    @Override
    public int lastWord() {
        return pieces.stream().mapToInt(Piece::word).max().orElseThrow();
    }

    @Override
    public long mask(int word) {
        long mask = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            mask |= piece.word() == word ? piece.mask() : 0;
        }
        return mask;
    }

    @Override
    public long decode(long... words) {
        long value = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            value |= piece.from(words[piece.word()]);
        }
        return value;
    }

    @Override
    public void encodeInto(long[] words, long value) {
        for (int i = 0; i < pieces.size(); i++) {
            int word = pieces.get(i).word();
            words[word] = put(word, words[word], value);
        }
    }

    @Override
    public String position() {
        return pieces.stream().map(Piece::toString).collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return structure + "." + name + " " + position();
    }
}
