package dev.sva4j.vendor.vtd.inspect;

import static dev.sva4j.spi.Pasid.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector.EntryState;
import org.junit.jupiter.api.Test;

class StateTest {
    private static EntryState state(Image image) {
        return image.open().state(Image.SID, Image.PASID);
    }

    @Test
    void lifeOfAnEntry() {
        assertThat(state(Image.process())).isEqualTo(EntryState.LIVE);
        assertThat(state(Image.scalable(0x48, 0x80_0001, 0x1004_0000))).isEqualTo(EntryState.EMPTY);
        assertThat(state(Image.scalable(0x4a, 0x80_0001, 0x1004_0000))).isEqualTo(EntryState.QUIESCED);
        assertThat(state(Image.scalable(2))).isEqualTo(EntryState.QUIESCED);
        assertThat(state(Image.scalable(0))).isEqualTo(EntryState.EMPTY);
    }

    @Test
    void everyFpdOnTheWayCounts() {
        assertThat(state(Image.scalable(0).put(Image.DIRECTORY_ENTRY, Image.PASID_TABLE | 3)))
                .isEqualTo(EntryState.QUIESCED);
        assertThat(state(Image.scalable(0).put(Image.DIRECTORY_ENTRY, 2))).isEqualTo(EntryState.QUIESCED);
        assertThat(state(Image.scalable(0).put(Image.LOWER, Image.CONTEXT | 2))).isEqualTo(EntryState.QUIESCED);
        assertThat(state(Image.process().put(Image.LOWER, 2))).isEqualTo(EntryState.QUIESCED);
    }

    @Test
    void fpdOfAnEntryThatTranslatesHidesNothingThatWorks() {
        assertThat(state(Image.scalable(0x4b, 0x80_0001, 0x1004_0000))).isEqualTo(EntryState.LIVE);
    }

    @Test
    void whatTheContextEntryRefusesIsEmpty() {
        assertThat(state(Image.process().put(Image.LOWER, Image.CONTEXT & ~8)))
                .as("PASIDE = 0")
                .isEqualTo(EntryState.EMPTY);
        assertThat(state(Image.process().put(Image.LOWER, 0x1001_0009)))
                .as("beyond PDTS")
                .isEqualTo(EntryState.EMPTY);
        assertThat(state(Image.process().put(Image.LOWER, Image.CONTEXT, Image.PASID)))
                .as("is RID_PASID")
                .isEqualTo(EntryState.EMPTY);
        assertThat(Image.process().open().state(0x3B00, Image.PASID))
                .as("no bus")
                .isEqualTo(EntryState.EMPTY);
        assertThat(Image.process().open().state(0x1_3A00, Image.PASID))
                .as("no requester")
                .isEqualTo(EntryState.EMPTY);
    }

    @Test
    void requestsWithoutPasidUseTheEntryOfRidPasid() {
        Image image = Image.process().put(Image.LOWER, Image.CONTEXT, Image.PASID);
        assertThat(image.open().state(Image.SID, NONE)).isEqualTo(EntryState.LIVE);
        assertThat(Image.process().open().state(Image.SID, NONE))
                .as("RID_PASID = 0")
                .isEqualTo(EntryState.EMPTY);
    }

    @Test
    void legacyMode() {
        assertThat(Image.legacy(0x1008_0001, 0x4202).open().state(Image.SID, NONE))
                .isEqualTo(EntryState.LIVE);
        assertThat(Image.legacy(0x9, 0x102).open().state(Image.SID, NONE)).isEqualTo(EntryState.LIVE);
        assertThat(Image.legacy(2, 0).open().state(Image.SID, NONE)).isEqualTo(EntryState.QUIESCED);
        assertThat(Image.legacy(0, 0).open().state(Image.SID, NONE)).isEqualTo(EntryState.EMPTY);
        assertThat(Image.legacy(0x1008_0001, 0x4202).open().state(Image.SID, 1)).isEqualTo(EntryState.EMPTY);
    }

    @Test
    void entryOutsideTheImageIsUnknown() {
        SvaException unknown =
                assertThrows(SvaException.class, () -> state(Image.process().without(Image.PASID_TABLE)));
        assertThat(unknown.error()).isEqualTo(SvaError.NOT_FOUND);
        assertThat(unknown).hasMessageContaining("requester 0x3a00").hasMessageContaining("not in the image");
    }
}
