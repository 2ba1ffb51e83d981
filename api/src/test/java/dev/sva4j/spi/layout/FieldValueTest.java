package dev.sva4j.spi.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FieldValueTest {

    private static final BitField NUMBER =
            BitField.of("S", "n", 0, 15, 0, "").withValue(5, "five").withValue(0x20, "thirty-two");

    @Test
    void smallNumbersAreDecimalAndLargerOnesHexadecimal() {
        assertThat(new FieldValue(NUMBER, 9).text()).isEqualTo("9");
        assertThat(new FieldValue(NUMBER, 10).text()).isEqualTo("0xa");
        assertThat(new FieldValue(BitField.of("S", "n", 0, 63, 0, ""), -1).text())
                .isEqualTo("0xffffffffffffffff");
    }

    @Test
    void addressesAreAlwaysHexadecimal() {
        assertThat(new FieldValue(BitField.address("S", "a", 0, 55, 6, ""), 0).text())
                .isEqualTo("0x0");
    }

    @Test
    void aNamedValueShowsItsName() {
        assertThat(new FieldValue(NUMBER, 5)).hasToString("n = 5 (five)");
        assertThat(new FieldValue(NUMBER, 0x20)).hasToString("n = 0x20 (thirty-two)");
        assertThat(new FieldValue(NUMBER, 6).valueName()).isNull();
    }
}
