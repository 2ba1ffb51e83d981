package dev.sva4j.spi.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegisterFileTest {
    private final RegisterFile registers = new RegisterFile(0x100);
    private final AtomicLong wide = new AtomicLong(0x1111_1111_2222_2222L);
    private final AtomicLong narrow = new AtomicLong(0x3333_3333L);

    @BeforeEach
    void define() {
        registers.define(0x10, 64, wide::get, wide::set);
        registers.define(0x18, 32, narrow::get, narrow::set);
    }

    @Test
    void aWideRegisterIsReadAtOnceOrByHalves() {
        assertThat(registers.read64(0x10)).isEqualTo(0x1111_1111_2222_2222L);
        assertThat(registers.read32(0x10)).isEqualTo(0x2222_2222);
        assertThat(registers.read32(0x14)).isEqualTo(0x1111_1111);
    }

    @Test
    void aHalfOfAWideRegisterIsWrittenWithoutTheOther() {
        registers.write32(0x14, 0x4444_4444);
        assertThat(wide).hasValue(0x4444_4444_2222_2222L);
        registers.write32(0x10, -1);
        assertThat(wide).hasValue(0x4444_4444_ffff_ffffL);
    }

    @Test
    void aWideAccessToNarrowRegistersIsTwoAccesses() {
        assertThat(registers.read64(0x18)).isEqualTo(0x3333_3333L);
        registers.write64(0x18, -1L);
        assertThat(narrow).hasValue(0xffff_ffffL);
    }

    @Test
    void unknownOffsetsReadZeroAndIgnoreWrites() {
        registers.write32(0x20, 1);
        registers.write64(0x400, 1);
        assertThat(registers.read32(0x20)).isZero();
        assertThat(registers.read64(0x400)).isZero();
    }

    @Test
    void aMisalignedAccessIsAMistake() {
        assertThatThrownBy(() -> registers.read64(0x14)).isInstanceOf(IllegalArgumentException.class);
    }
}
