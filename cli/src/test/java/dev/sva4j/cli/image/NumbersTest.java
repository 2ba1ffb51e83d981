package dev.sva4j.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0000:00:00.0",
        "0x18, 0000:00:03.0",
        "0x0100, 0000:01:00.0",
        "0x3ff, 0000:03:1f.7",
        "65535, 0000:ff:1f.7",
        "65536, 0x10000",
        "0xffffffff, 0xffffffff"
    })
    void deviceNamesReadBack(String number, String name) {
        int requester = Numbers.device(number).orElseThrow();
        assertThat(Numbers.deviceName(requester)).isEqualTo(name);
        assertThat(Numbers.device(name)).hasValue(requester);
    }

    @Test
    void functionsMayLeaveOutTheSegment() {
        assertThat(Numbers.device("3:1f.6")).hasValue(0x3fe);
        assertThat(Numbers.device("00000000:03:1f.6")).hasValue(0x3fe);
        assertThat(Numbers.device("0000:03:1F.6")).hasValue(0x3fe);
    }

    @Test
    void unsignedNumbers() {
        assertThat(Numbers.unsigned("0xffffffffffffffff")).hasValue(-1);
        assertThat(Numbers.unsigned("18446744073709551615")).hasValue(-1);
        assertThat(Numbers.unsigned("010")).hasValue(10);
        for (String no : new String[] {"", "0x", "-1", "+1", "1 ", "1_000", "ff", "0x1g", "٣", "0x10000000000000000"}) {
            assertThat(Numbers.unsigned(no)).as(no).isEmpty();
        }
    }
}
