package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.vendor.vtd.layout.Decoded.says;
import static dev.sva4j.vendor.vtd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Vector V10. */
class PageRequestVectorsTest {
    private static final int RID = 0x3A00;
    private static final int PASID = 0x12345;

    @Test
    void aRequestWithPasid() {
        assertThat(PageRequestDescriptor.word0(RID, true, PASID)).isEqualTo(0x0001_2345_3a00_0101L);
        assertThat(PageRequestDescriptor.word1(0x7f12_3456_7000L, 5, true, true, true))
                .isEqualTo(0x7f12_3456_702fL);
        assertThat(PageRequestDescriptor.word1(0x7f12_3456_8000L, 5, true, false, false))
                .isEqualTo(0x7f12_3456_8029L);
        assertThat(PageRequestDescriptor.word1(0x7f12_3456_7000L, 5, false, true, true))
                .isEqualTo(0x7f12_3456_702eL);
    }

    @Test
    void aRequestWithoutPasid() {
        assertThat(PageRequestDescriptor.word0(RID, false, PASID)).isEqualTo(0x3a00_0001L);
        assertThat(PageRequestDescriptor.word1(0x1000, 0x1ff, true, false, true))
                .isEqualTo(0x1ffd);
    }

    @Test
    void aRequestIsDecoded() {
        says(
                PageRequestDescriptor.LAYOUT,
                words(0x0001_2345_3a00_0101L, 0x7f12_3456_702fL),
                "Type = 1",
                "PP = 1",
                "RID = 0x3a00",
                "PASID = 0x12345",
                "RDR = 1",
                "WRR = 1",
                "LPIG = 1",
                "PRGI = 5",
                "ADDR = 0x7f1234567000");
    }

    @Test
    void theStopMarkerWantsNothing() {
        assertThat(PageRequestDescriptor.isStopMarker(0x0001_2345_3a00_0101L, 0x4))
                .isTrue();
        assertThat(PageRequestDescriptor.isStopMarker(0x0001_2345_3a00_0101L, 0x5))
                .isFalse();
        assertThat(PageRequestDescriptor.isStopMarker(0x0001_2345_3a00_0101L, 0x6))
                .isFalse();
        assertThat(PageRequestDescriptor.isStopMarker(0x0001_2345_3a00_0101L, 0))
                .isFalse();
        assertThat(PageRequestDescriptor.isStopMarker(0x3a00_0001L, 0x4)).isFalse();
    }
}
