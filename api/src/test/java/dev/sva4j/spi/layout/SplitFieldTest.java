package dev.sva4j.spi.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sva4j.spi.layout.SplitField.Piece;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitFieldTest {

    /** The widest split in use: a table root in three gaps of two words. */
    private static final SplitField ROOT = new SplitField(
            "DTE",
            "GCR3 root",
            true,
            "",
            Map.of(),
            List.of(new Piece(0, 60, 58, 12), new Piece(1, 31, 16, 15), new Piece(1, 63, 43, 31)));

    @Test
    void aOneWalksThroughEveryBitOfTheValue() {
        for (int bit = 12; bit <= 51; bit++) {
            long value = 1L << bit;
            long[] words = new long[2];
            ROOT.encodeInto(words, value);
            assertThat(Long.bitCount(words[0]) + Long.bitCount(words[1])).isEqualTo(1);
            assertThat(ROOT.decode(words)).isEqualTo(value);
            assertThat(ROOT.from(0, words[0]) | ROOT.from(1, words[1])).isEqualTo(value);
        }
        assertThat(ROOT.width()).isEqualTo(40);
    }

    @Test
    void eachPieceLandsWhereItIsDeclared() {
        long[] words = new long[2];
        ROOT.encodeInto(words, 0x7000);
        assertThat(words).containsExactly(7L << 58, 0);
        ROOT.encodeInto(words, 0x7fff8000L);
        assertThat(words).containsExactly(0, 0xffff0000L);
        ROOT.encodeInto(words, 0xfffff80000000L);
        assertThat(words).containsExactly(0, -1L << 43);
    }

    @Test
    void bitsOfOtherFieldsStay() {
        long[] words = {-1L, -1L};
        ROOT.encodeInto(words, 0);
        assertThat(words).containsExactly(~ROOT.mask(0), ~ROOT.mask(1));
        assertThat(ROOT.put(0, -1L, 0)).isEqualTo(~(7L << 58));
        assertThat(ROOT.put(0, 0, 0x7000)).isEqualTo(7L << 58);
    }

    @Test
    void aValueBitThatNoPieceHoldsIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROOT.put(0, 0, 0x800))
                .withMessageContaining("DTE.GCR3 root q0[60:58] q1[31:16] q1[63:43]")
                .withMessageContaining("0x800");
        assertThatIllegalArgumentException().isThrownBy(() -> ROOT.put(1, 0, 1L << 52));
    }

    @Test
    void piecesMayComeInAnyOrder() {
        SplitField pasid = new SplitField(
                "CMD",
                "PASID",
                false,
                "",
                Map.of(),
                List.of(new Piece(0, 23, 16, 8), new Piece(0, 55, 48, 0), new Piece(0, 59, 56, 16)));
        long[] words = new long[1];
        pasid.encodeInto(words, 0xabcde);
        assertThat(words).containsExactly(0x0ade_0000_00bc_0000L);
        assertThat(pasid.decode(words)).isEqualTo(0xabcde);
    }

    @Test
    void piecesMayNotOverlapNeitherInTheWordNorInTheValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> split(new Piece(0, 7, 0, 0), new Piece(0, 10, 7, 8)))
                .withMessageContaining("overlap");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> split(new Piece(0, 7, 0, 0), new Piece(1, 7, 0, 7)))
                .withMessageContaining("same value bit");
        assertThatIllegalArgumentException().isThrownBy(SplitFieldTest::split);
        assertThatIllegalArgumentException().isThrownBy(() -> new Piece(0, 7, 0, 57));
    }

    private static SplitField split(Piece... pieces) {
        return new SplitField("S", "f", false, "", Map.of(), List.of(pieces));
    }
}
