package dev.sva4j.examples.acme.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Words as the manual has them, written by hand: what both halves agree on may still be wrong. */
class CommandTest {
    @Test
    void invalidatePasidNamesDeviceAndEntry() {
        assertEquals(0x0000_0300_0000_0702L, Command.invalidatePasid(0x300, 7));
    }

    @Test
    void resumeNamesTheStalledRequest() {
        assertEquals(0xABC0_0000_0000_0014L, Command.resume(0xABC, true));
    }

    @Test
    void onePageIsABlockOfItsOwn() {
        assertEquals(0x4000_5000L + 12, Command.block(0x4000_5000L, 0x4000_5FFFL));
    }

    @Test
    void rangeAcrossABorderTakesTheBlockThatHoldsBothSides() {
        assertEquals(0x4000_0000L + 14, Command.block(0x4000_1000L, 0x4000_2FFFL));
    }

    @Test
    void everythingIsOneBlock() {
        long all = Command.block(0, -1);

        assertEquals(64, all);
        assertEquals(Long.MIN_VALUE, Command.first(all));
        assertEquals(Long.MAX_VALUE, Command.last(all));
    }
}
