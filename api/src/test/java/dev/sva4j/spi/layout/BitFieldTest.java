package dev.sva4j.spi.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BitFieldTest {

    private static final BitField CONFIG = BitField.of("STE", "Config", 0, 3, 1, "");
    private static final BitField POINTER = BitField.address("STE", "Ptr", 0, 55, 6, "");

    @Test
    void everyRangeOfAWordHoldsExactlyItsOwnBits() {
        forEveryRange(field -> {
            long mask = 0;
            for (int bit = field.lo(); bit <= field.hi(); bit++) {
                mask |= 1L << bit;
            }
            assertThat(field.mask()).as("%s", field).isEqualTo(mask);
            assertThat(field.width()).as("%s", field).isEqualTo(Long.bitCount(mask));
        });
    }

    @Test
    void aOneWalksThroughEveryBitOfEveryRange() {
        forEveryRange(field -> {
            for (int bit = 0; bit < field.width(); bit++) {
                long value = 1L << bit;
                long inPlace = 1L << (field.lo() + bit);
                assertThat(field.put(0, value)).as("%s", field).isEqualTo(inPlace);
                assertThat(field.get(inPlace)).as("%s", field).isEqualTo(value);
                assertThat(field.put(-1L, field.max() & ~value)).as("%s", field).isEqualTo(~inPlace);
                assertThat(field.getAddress(inPlace)).as("%s", field).isEqualTo(inPlace);
                assertThat(field.putAddress(0, inPlace)).as("%s", field).isEqualTo(inPlace);
                assertThat(field.isSet(inPlace)).as("%s", field).isTrue();
            }
        });
    }

    @Test
    void bitsOutsideAreNeitherReadNorChanged() {
        forEveryRange(field -> {
            long others = ~field.mask();
            assertThat(field.get(others)).as("%s", field).isZero();
            assertThat(field.isSet(others)).as("%s", field).isFalse();
            assertThat(field.put(others, 0)).as("%s", field).isEqualTo(others);
            assertThat(field.put(others, field.max())).as("%s", field).isEqualTo(-1L);
            assertThat(field.clear(-1L)).as("%s", field).isEqualTo(others);
        });
    }

    @Test
    void aValueThatDoesNotFitIsRejectedAndTheMessageSaysWhereAndWhat() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CONFIG.put(0, 8))
                .withMessage("STE.Config q0[3:1]: value 0x8 does not fit, the largest is 0x7");
        forEveryRange(field -> {
            if (field.width() < 64) {
                assertThatIllegalArgumentException().isThrownBy(() -> field.put(0, field.max() + 1));
                assertThatIllegalArgumentException().isThrownBy(() -> field.put(0, -1));
            }
        });
    }

    @Test
    void aMisalignedAddressIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> POINTER.putAddress(0, 0x1020))
                .withMessage("STE.Ptr q0[55:6]: address 0x1020 is not aligned to 0x40");
    }

    @Test
    void anAddressWithBitsAboveTheFieldIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> POINTER.putAddress(0, 1L << 56))
                .withMessage("STE.Ptr q0[55:6]: address 0x100000000000000 has bits above bit 55");
    }

    @Test
    void encodingStartsFromZero() {
        assertThat(CONFIG.encode(5)).isEqualTo(0b1010);
        assertThat(POINTER.encodeAddress(0x1040)).isEqualTo(0x1040);
        BitField bit = BitField.bit("STE", "V", 0, 63, "");
        assertThat(bit.encode(true)).isEqualTo(Long.MIN_VALUE);
        assertThat(bit.encode(false)).isZero();
        assertThat(bit.put(-1L, false)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void inAWholeStructureANumberIsShiftedAndAnAddressIsNot() {
        BitField number = BitField.of("S", "n", 1, 15, 8, "");
        BitField address = BitField.address("S", "a", 1, 63, 16, "");
        long[] words = new long[2];
        number.encodeInto(words, 0xab);
        address.encodeInto(words, 0x12340000);
        assertThat(words).containsExactly(0, 0x1234ab00);
        assertThat(number.decode(words)).isEqualTo(0xab);
        assertThat(address.decode(words)).isEqualTo(0x12340000);
    }

    @Test
    void aRangeOutsideOfTheWordCannotBeDeclared() {
        assertThatIllegalArgumentException().isThrownBy(() -> BitField.of("S", "f", 0, 64, 0, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> BitField.of("S", "f", 0, 3, 4, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> BitField.of("S", "f", 0, 3, -1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> BitField.of("S", "f", -1, 3, 0, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> BitField.of("S", " ", 0, 3, 0, ""));
    }

    @Test
    void aNamedValueMustFitAndHasOneName() {
        BitField named = CONFIG.withValue(5, "stage 1").withValue(4, "bypass");
        assertThat(named.values()).containsExactly(Map.entry(4L, "bypass"), Map.entry(5L, "stage 1"));
        assertThat(CONFIG.values()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> named.withValue(5, "again"));
        assertThatIllegalArgumentException().isThrownBy(() -> CONFIG.withValue(8, "too wide"));
    }

    @Test
    void aFieldPrintsItsStructureNameAndPosition() {
        assertThat(CONFIG).hasToString("STE.Config q0[3:1]");
        assertThat(BitField.bit("CD", "HA", 0, 43, "")).hasToString("CD.HA q0[43]");
        assertThat(CONFIG.in("OTHER")).hasToString("OTHER.Config q0[3:1]");
    }

    private static void forEveryRange(Consumer<BitField> law) {
        for (int hi = 0; hi < 64; hi++) {
            for (int lo = 0; lo <= hi; lo++) {
                law.accept(BitField.of("S", "f", 0, hi, lo, ""));
            }
        }
    }
}
