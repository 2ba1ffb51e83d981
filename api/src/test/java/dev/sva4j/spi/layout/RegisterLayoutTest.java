package dev.sva4j.spi.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class RegisterLayoutTest {

    private static final RegisterLayout STATUS = RegisterLayout.builder(
                    "STATUS", 0x34, 32, RegisterAccess.READ_WRITE, "Manual §2")
            .bit("ERR", 0, "error")
            .access(RegisterAccess.WRITE_ONE_TO_CLEAR)
            .bit("RUN", 1, "running")
            .access(RegisterAccess.READ_ONLY)
            .field("SEL", 15, 8, "selection")
            .build();

    @Test
    void aWriteReplacesClearsOrIsIgnoredFieldByField() {
        assertThat(STATUS.afterWrite(0b11, 0)).as("zeros").isEqualTo(0b11);
        assertThat(STATUS.afterWrite(0b11, 0b1)).as("acknowledge").isEqualTo(0b10);
        assertThat(STATUS.afterWrite(0, 0b11))
                .as("clear and read-only bits cannot be set")
                .isZero();
        assertThat(STATUS.afterWrite(0x1203, 0x3400)).as("replace").isEqualTo(0x3403);
        assertThat(STATUS.afterWrite(0, 0xffff00fcL)).as("bits of no field").isZero();
    }

    @Test
    void aRegisterHas32Or64BitsAtAnAlignedOffset() {
        assertThatIllegalArgumentException().isThrownBy(() -> register(0, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> register(0x4, 64)).withMessageContaining("misaligned");
        assertThatIllegalArgumentException().isThrownBy(() -> register(-4, 32));
        assertThat(register(0x8, 64).width()).isEqualTo(64);
    }

    @Test
    void aFieldMayNotLeaveTheRegister() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegisterLayout.builder("R", 0, 32, RegisterAccess.READ_WRITE, "")
                        .bit("TOP", 32, "")
                        .build())
                .withMessage("R: R.TOP q0[32] leaves the structure");
        assertThat(STATUS.reservedMask()).isEqualTo(0xffff00fcL);
    }

    @Test
    void aMirrorHasTheSameFieldsUnderItsOwnName() {
        RegisterLayout mirror = STATUS.mirror("STATUSACK", 0x38, RegisterAccess.READ_ONLY);
        assertThat(mirror).hasToString("STATUSACK at 0x38");
        assertThat(mirror.field("SEL")).hasToString("STATUSACK.SEL q0[15:8]");
        assertThat(mirror.afterWrite(0b11, -1)).isEqualTo(0b11);
    }

    @Test
    void aRegisterIsDescribedAndDocumented() {
        assertThat(STATUS.describe(0x1201))
                .extracting(FieldValue::toString)
                .containsExactly("ERR = 1", "RUN = 0", "SEL = 0x12");
        assertThat(STATUS.toMarkdown())
                .startsWith("### STATUS at 0x34, 32 bits, RW (Manual §2)\n")
                .contains("| SEL | [15:8] | selection |\n");
    }

    @Test
    void anAccessKindNeedsAFieldToBelongTo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RegisterLayout.builder("R", 0, 32, RegisterAccess.READ_ONLY, "")
                        .access(RegisterAccess.READ_WRITE));
    }

    private static RegisterLayout register(long offset, int width) {
        return RegisterLayout.builder("R", offset, width, RegisterAccess.READ_WRITE, "")
                .build();
    }
}
