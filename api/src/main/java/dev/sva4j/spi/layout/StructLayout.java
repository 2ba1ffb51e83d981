package dev.sva4j.spi.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The fields of one hardware structure, in the manual's names and order.
 *
 * <p>Declared once per structure and immutable. Construction fails when a field leaves the structure, overlaps another
 * or repeats a name, so a wrong table cannot be loaded.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class StructLayout {

    private final String name;
    private final int words;
    private final String citation;
    private final List<LayoutField> fields;
    private final Map<String, LayoutField> byName;
    private final long[] reserved;

    private StructLayout(String name, int words, int bits, String citation, List<? extends LayoutField> fields) {
        if (name.isBlank() || words < 1) {
            throw new IllegalArgumentException("a structure needs a name and at least one word");
        }
        this.name = name;
        this.words = words;
        this.citation = citation;
        this.fields = List.copyOf(fields);
        this.byName = new LinkedHashMap<>();
        this.reserved = new long[words];
        Arrays.fill(reserved, -1L >>> (64 - bits));
        for (LayoutField field : this.fields) {
            if (byName.put(field.name(), field) != null) {
                throw new IllegalArgumentException(name + ": two fields are called " + field.name());
            }
            if (field.lastWord() >= words) {
                throw new IllegalArgumentException(name + ": " + field + " is outside of " + words + " words");
            }
            for (int word = 0; word < words; word++) {
                take(word, field);
            }
        }
    }

    private void take(int word, LayoutField field) {
        long mask = field.mask(word);
        if ((mask & ~reserved[word]) != 0) {
            String other = fields.stream()
                    .takeWhile(earlier -> earlier != field)
                    .filter(earlier -> (earlier.mask(word) & mask) != 0)
                    .map(earlier -> "overlaps " + earlier)
                    .findFirst()
                    .orElse("leaves the structure");
            throw new IllegalArgumentException(name + ": " + field + " " + other);
        }
        reserved[word] &= ~mask;
    }

    /**
     * A structure of fields that exist already, for example because several commands share them.
     *
     * @param name the manual's name of the structure
     * @param words size in 64-bit words
     * @param citation where the manual describes it
     * @param fields its fields, in the manual's order
     */
    public static StructLayout of(String name, int words, String citation, LayoutField... fields) {
        return new StructLayout(name, words, 64, citation, List.of(fields));
    }

    /**
     * Starts the declaration of a structure.
     *
     * @param name the manual's name of the structure
     * @param words size in 64-bit words
     * @param citation where the manual describes it
     */
    public static Builder builder(String name, int words, String citation) {
        return new Builder(name, words, 64, citation);
    }

    static Builder builderOfOneWord(String name, int bits, String citation) {
        return new Builder(name, 1, bits, citation);
    }

    /** The manual's name of the structure. */
    public String name() {
        return name;
    }

    /** Size in 64-bit words. */
    public int words() {
        return words;
    }

    /** Size in bytes. */
    public int bytes() {
        return words * Long.BYTES;
    }

    /** Where the manual describes the structure. */
    public String citation() {
        return citation;
    }

    /** All fields, in the manual's order. */
    public List<LayoutField> fields() {
        return fields;
    }

    /** Whether the structure has a field of this name. */
    public boolean has(String fieldName) {
        return byName.containsKey(fieldName);
    }

    /** Whether {@code field} is one of this structure's. */
    public boolean has(LayoutField field) {
        return fields.contains(field);
    }

    /**
     * The contiguous field of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public BitField field(String fieldName) {
        if (byName.get(fieldName) instanceof BitField field) {
            return field;
        }
        throw new IllegalArgumentException(name + " has no contiguous field " + fieldName);
    }

    /**
     * The split field of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public SplitField split(String fieldName) {
        if (byName.get(fieldName) instanceof SplitField field) {
            return field;
        }
        throw new IllegalArgumentException(name + " has no split field " + fieldName);
    }

    /** The bits of word {@code word} that no field covers. */
    public long reservedMask(int word) {
        return reserved[word];
    }

    /** Whether any bit that no field covers is 1. */
    public boolean hasReservedBitsSet(long... structure) {
        checkSize(structure);
        for (int word = 0; word < words; word++) {
            if ((structure[word] & reserved[word]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Every field with its value in {@code structure}, word 0 first, in the manual's order. */
    public List<FieldValue> describe(long... structure) {
        checkSize(structure);
        return fields.stream()
                .map(field -> new FieldValue(field, field.decode(structure)))
                .toList();
    }

    /** The layout as a table for documentation. */
    public String toMarkdown() {
        return markdown(name + ", " + bytes() + " bytes", true);
    }

    String markdown(String title, boolean showWord) {
        String rows = fields.stream()
                .map(field -> "| " + field.name() + " | " + position(field, showWord) + " | " + meaning(field) + " |\n")
                .collect(Collectors.joining());
        return "### " + title + " (" + citation + ")\n\n| Field | Bits | Meaning |\n|---|---|---|\n" + rows;
    }

    private static String position(LayoutField field, boolean showWord) {
        return !showWord && field instanceof BitField bits ? bits.range() : field.position();
    }

    private static String meaning(LayoutField field) {
        String named = field.values().entrySet().stream()
                .map(value -> value.getKey() + " = " + value.getValue())
                .collect(Collectors.joining(", "));
        String text = field.meaning() + (field.meaning().isEmpty() || named.isEmpty() ? "" : "; ") + named;
        return text.replace("|", "\\|");
    }

    private void checkSize(long[] structure) {
        if (structure.length != words) {
            throw new IllegalArgumentException(name + " has " + words + " words, not " + structure.length);
        }
    }

    @Override
    public String toString() {
        return name + " (" + citation + ")";
    }

    /**
     * Collects the fields of a structure.
     *
     * @since 0.0.1
     */
    @API(status = API.Status.STABLE, since = "0.1.0")
    public static final class Builder {

        private final String name;
        private final int words;
        private final int bits;
        private final String citation;
        private final List<LayoutField> fields = new ArrayList<>();

        private Builder(String name, int words, int bits, String citation) {
            this.name = name;
            this.words = words;
            this.bits = bits;
            this.citation = citation;
        }

        /** Adds a single-bit field. */
        public Builder bit(String fieldName, int word, int bit, String meaning) {
            return include(BitField.bit(name, fieldName, word, bit, meaning));
        }

        /** Adds a field that holds a number. */
        public Builder field(String fieldName, int word, int hi, int lo, String meaning) {
            return include(BitField.of(name, fieldName, word, hi, lo, meaning));
        }

        /** Adds a field that holds bits {@code [hi:lo]} of an address in place. */
        public Builder address(String fieldName, int word, int hi, int lo, String meaning) {
            return include(BitField.address(name, fieldName, word, hi, lo, meaning));
        }

        /** Adds a number whose bits are spread over several ranges. */
        public Builder split(String fieldName, String meaning, SplitField.Piece... pieces) {
            return include(new SplitField(name, fieldName, false, meaning, Map.of(), List.of(pieces)));
        }

        /** Adds an address whose bits are spread over several ranges. */
        public Builder splitAddress(String fieldName, String meaning, SplitField.Piece... pieces) {
            return include(new SplitField(name, fieldName, true, meaning, Map.of(), List.of(pieces)));
        }

        /** Adds fields that are declared elsewhere. */
        public Builder include(LayoutField... declared) {
            fields.addAll(List.of(declared));
            return this;
        }

        /** Puts the fields added so far in the order of their lowest bits, for structures made of shared fields. */
        public Builder inBitOrder() {
            fields.sort(Comparator.comparingInt(Builder::firstWord)
                    .thenComparingInt(field -> Long.numberOfTrailingZeros(field.mask(firstWord(field)))));
            return this;
        }

        private static int firstWord(LayoutField field) {
            int word = 0;
            while (field.mask(word) == 0) {
                word++;
            }
            return word;
        }

        /** Names one value of the contiguous field added last. */
        public Builder value(long value, String valueName) {
            int last = fields.size() - 1;
            if (last < 0 || !(fields.get(last) instanceof BitField field)) {
                throw new IllegalStateException(name + ": a named value needs a contiguous field before it");
            }
            fields.set(last, field.withValue(value, valueName));
            return this;
        }

        /** Names the values 0, 1, 2 ... of the contiguous field added last; an empty name skips a value. */
        public Builder values(String... names) {
            for (int value = 0; value < names.length; value++) {
                if (!names[value].isEmpty()) {
                    value(value, names[value]);
                }
            }
            return this;
        }

        /**
         * Checks the fields against each other.
         *
         * @throws IllegalArgumentException if a field leaves the structure, overlaps another or repeats a name
         */
        public StructLayout build() {
            return new StructLayout(name, words, bits, citation, fields);
        }
    }
}
