package dev.sva4j.spi.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sva4j.spi.layout.SplitField.Piece;
import org.junit.jupiter.api.Test;

class StructLayoutTest {

    private static final StructLayout ENTRY = StructLayout.builder("ENTRY", 2, "Manual §1")
            .bit("V", 0, 0, "valid")
            .field("Config", 0, 3, 1, "what it does")
            .values("abort", "", "a | b")
            .address("Ptr", 0, 55, 6, "table")
            .splitAddress("Root", "root", new Piece(0, 63, 60, 12), new Piece(1, 7, 0, 16))
            .field("Tag", 1, 31, 16, "tag")
            .build();

    @Test
    void twoFieldsMayNotShareABit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructLayout.builder("S", 1, "")
                        .bit("z", 0, 63, "")
                        .field("a", 0, 7, 0, "")
                        .field("b", 0, 9, 7, "")
                        .build())
                .withMessage("S: S.b q0[9:7] overlaps S.a q0[7:0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructLayout.builder("S", 2, "")
                        .bit("a", 1, 5, "")
                        .split("b", "", new Piece(0, 7, 0, 0), new Piece(1, 7, 0, 8))
                        .build())
                .withMessageContaining("overlaps");
    }

    @Test
    void twoFieldsMayNotShareAName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructLayout.builder("S", 1, "")
                        .bit("a", 0, 0, "")
                        .bit("a", 0, 1, "")
                        .build())
                .withMessage("S: two fields are called a");
    }

    @Test
    void aFieldMayNotLeaveTheStructure() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        StructLayout.builder("S", 1, "").bit("a", 1, 0, "").build())
                .withMessage("S: S.a q1[0] is outside of 1 words");
    }

    @Test
    void bitsOfNoFieldAreReserved() {
        assertThat(ENTRY.reservedMask(0)).isEqualTo(0x0f00_0000_0000_0030L);
        assertThat(ENTRY.reservedMask(1)).isEqualTo(0xffff_ffff_0000_ff00L);
        assertThat(ENTRY.hasReservedBitsSet(0xf, 0xffff_00ffL)).isFalse();
        assertThat(ENTRY.hasReservedBitsSet(0x10, 0)).isTrue();
        assertThat(ENTRY.hasReservedBitsSet(0, 0x100)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ENTRY.hasReservedBitsSet(0, 0, 0))
                .withMessage("ENTRY has 2 words, not 3");
    }

    @Test
    void aStructureIsDescribedFieldByFieldInTheManualsOrder() {
        assertThat(ENTRY.describe(0x2000_0000_0000_1045L, 0x002a_0001))
                .extracting(FieldValue::toString)
                .containsExactly("V = 1", "Config = 2 (a | b)", "Ptr = 0x1040", "Root = 0x12000", "Tag = 0x2a");
        assertThatIllegalArgumentException().isThrownBy(() -> ENTRY.describe(0));
    }

    @Test
    void theDocumentationTableHasARowPerField() {
        assertThat(ENTRY.toMarkdown()).isEqualTo("""
                        ### ENTRY, 16 bytes (Manual §1)

                        | Field | Bits | Meaning |
                        |---|---|---|
                        | V | q0[0] | valid |
                        | Config | q0[3:1] | what it does; 0 = abort, 2 = a \\| b |
                        | Ptr | q0[55:6] | table |
                        | Root | q0[63:60] q1[7:0] | root |
                        | Tag | q1[31:16] | tag |
                        """);
    }

    @Test
    void fieldsAreFoundByTheirName() {
        assertThat(ENTRY.field("Tag").position()).isEqualTo("q1[31:16]");
        assertThat(ENTRY.split("Root").width()).isEqualTo(12);
        assertThat(ENTRY.has("V")).isTrue();
        assertThat(ENTRY.has("W")).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> ENTRY.field("W")).withMessageContaining("ENTRY");
        assertThatIllegalArgumentException().isThrownBy(() -> ENTRY.field("Root"));
        assertThatIllegalArgumentException().isThrownBy(() -> ENTRY.split("Tag"));
    }

    @Test
    void structuresMayShareFieldsAndPutThemInBitOrder() {
        BitField opcode = BitField.of("CMD", "Opcode", 0, 7, 0, "");
        BitField leaf = BitField.bit("CMD", "Leaf", 1, 0, "");
        BitField stream = BitField.of("CMD", "StreamID", 0, 63, 32, "");
        StructLayout command = StructLayout.builder("CFGI", 2, "")
                .include(leaf, stream, opcode)
                .inBitOrder()
                .build();
        assertThat(command.fields()).containsExactly(opcode, stream, leaf);
        assertThat(command.has(leaf)).isTrue();
        assertThat(StructLayout.of("SYNC", 2, "", opcode).has(leaf)).isFalse();
    }

    @Test
    void aNamedValueNeedsAFieldToBelongTo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> StructLayout.builder("S", 1, "").value(0, "off"));
    }
}
