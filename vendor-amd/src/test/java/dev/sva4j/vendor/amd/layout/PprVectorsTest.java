package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.vendor.amd.layout.Decoded.says;
import static dev.sva4j.vendor.amd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Vectors 12.5 R1 to R4. */
class PprVectorsTest {
    private static final int DEVICE = 0x300;

    @Test
    void r1IsTheLastOfItsGroup() {
        long[] entry = Decoded.bytes("00 03 45 23 05 06 64 11 00 70 56 34 12 7f 00 00");
        says(
                PprLogEntry.LAYOUT,
                entry,
                "DeviceID = 0x300",
                "PASID = 0x12345",
                "PRGIndex = 5",
                "Last = 1",
                "RD = 1",
                "WR = 1",
                "US = 1",
                "GN = 1",
                "PPRCode = 1 (PAGE_SERVICE_REQUEST)",
                "Address = 0x7f1234567000");
        assertThat(PprLogEntry.word0(DEVICE, 5, true, 0x12345)
                        | PprLogEntry.RD.encode(true)
                        | PprLogEntry.WR.encode(true)
                        | PprLogEntry.US.encode(true))
                .isEqualTo(entry[0]);
        assertThat(PprLogEntry.word1(0x7f12_3456_7abcL)).isEqualTo(entry[1]);
    }

    @Test
    void r2IsNotTheLastOfItsGroup() {
        assertThat(PprLogEntry.word0(DEVICE, 5, false, 0x12345)
                        | PprLogEntry.RD.encode(true)
                        | PprLogEntry.US.encode(true))
                .isEqualTo(0x1144_0405_2345_0300L);
    }

    @Test
    void r3HasNoPasid() {
        assertThat(PprLogEntry.word0(DEVICE, 7, true) | PprLogEntry.RD.encode(true) | PprLogEntry.US.encode(true))
                .isEqualTo(0x1044_0207_0000_0300L);
    }

    @Test
    void r4WantsToExecuteAsSupervisor() {
        says(
                PprLogEntry.LAYOUT,
                words(0x1106_29ff_bcde_0300L, 0xffff_8000_0012_3000L),
                "DeviceID = 0x300",
                "PASID = 0xabcde",
                "PRGIndex = 0x1ff",
                "EX = 1",
                "RD = 1",
                "GN = 1",
                "PPRCode = 1 (PAGE_SERVICE_REQUEST)",
                "Address = 0xffff800000123000");
        assertThat(PprLogEntry.word0(DEVICE, 0x1ff, false, 0xabcde)
                        | PprLogEntry.RD.encode(true)
                        | PprLogEntry.EX.encode(true))
                .isEqualTo(0x1106_29ff_bcde_0300L);
    }

    @Test
    void bitsThatLinuxDoesNotKnowAreReserved() {
        assertThat(PprLogEntry.LAYOUT.reservedMask(0)).isEqualTo(7L << 46 | 3L << 51 | 7L << 57);
        assertThat(PprLogEntry.LAYOUT.reservedMask(1)).isEqualTo(0xfff);
    }
}
