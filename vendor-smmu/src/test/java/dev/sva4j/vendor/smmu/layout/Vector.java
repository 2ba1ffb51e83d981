package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.FieldValue;
import dev.sva4j.spi.layout.StructLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A test vector: fields by the manual's names on one side, words on the other. Encoding the fields must give the words,
 * and decoding the words must give the fields and nothing else.
 */
final class Vector {

    private final StructLayout layout;
    private final Map<String, Long> fields;

    private Vector(StructLayout layout, Map<String, Long> fields) {
        this.layout = layout;
        this.fields = fields;
    }

    static Vector of(StructLayout layout) {
        return new Vector(layout, Map.of());
    }

    static Vector of(CommandOpcode opcode) {
        return of(opcode.layout()).with("Opcode", opcode.code());
    }

    static Vector of(EventId event) {
        return of(event.layout()).with("EventNumber", event.number());
    }

    /** The same vector with one field more, or another value of it; address fields take the address. */
    Vector with(String field, long value) {
        Map<String, Long> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        return new Vector(layout, changed);
    }

    /** Words that are not given are 0. */
    void is(long... words) {
        long[] expected = Arrays.copyOf(words, layout.words());
        assertThat(encode()).as("encoded %s", layout).containsExactly(expected);
        assertThat(layout.describe(expected).stream()
                        .filter(field -> field.value() != 0)
                        .collect(Collectors.toMap(FieldValue::name, FieldValue::value)))
                .as("decoded %s", layout)
                .isEqualTo(nonZero());
        assertThat(layout.hasReservedBitsSet(expected)).isFalse();
    }

    long[] encode() {
        long[] words = new long[layout.words()];
        fields.forEach((name, value) -> layout.fields().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(layout + " has no field " + name))
                .encodeInto(words, value));
        return words;
    }

    private Map<String, Long> nonZero() {
        return fields.entrySet().stream()
                .filter(field -> field.getValue() != 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
