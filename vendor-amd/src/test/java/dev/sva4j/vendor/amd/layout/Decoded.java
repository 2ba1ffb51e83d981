package dev.sva4j.vendor.amd.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.FieldValue;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.spi.layout.StructLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a structure says: its fields that are not 0, in the manual's order. */
final class Decoded {
    private Decoded() {}

    /** Requires these fields, no others and no reserved bits; missing words at the end are 0. */
    static void says(StructLayout layout, long[] words, String... fields) {
        long[] whole = Arrays.copyOf(words, layout.words());
        assertThat(nonZero(layout.describe(whole))).containsExactly(fields);
        assertThat(layout.hasReservedBitsSet(whole)).as("reserved bits").isFalse();
    }

    /** The same for a register. */
    static void says(RegisterLayout register, long value, String... fields) {
        assertThat(nonZero(register.describe(value))).containsExactly(fields);
        assertThat(value & register.reservedMask()).as("reserved bits").isZero();
    }

    static long[] words(long... words) {
        return words;
    }

    /** Words from bytes as they lie in memory. */
    static long[] bytes(String hex) {
        ByteBuffer bytes =
                ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
        long[] words = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(words);
        return words;
    }

    private static List<String> nonZero(List<FieldValue> fields) {
        return fields.stream()
                .filter(field -> field.value() != 0)
                .map(FieldValue::toString)
                .toList();
    }
}
