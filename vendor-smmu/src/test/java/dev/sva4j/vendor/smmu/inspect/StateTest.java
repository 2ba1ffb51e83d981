package dev.sva4j.vendor.smmu.inspect;

import static dev.sva4j.spi.Pasid.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sva4j.api.Access;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.EntryState;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.L1ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import org.junit.jupiter.api.Test;

class StateTest {
    private static final long QUIET = ContextDescriptor.R.clear(Image.CD0 | ContextDescriptor.EPD0.encode(true));

    private static IommuInspector withContext5(long word0) {
        return new Image()
                .onePage()
                .stage1(0x18, 4, StreamTableEntry.S1DSS_TERMINATE)
                .context(5, word0, Image.TABLE_L0)
                .open();
    }

    @Test
    void lifeOfAnEntry() {
        assertThat(withContext5(Image.CD0).state(0x18, 5)).isEqualTo(EntryState.LIVE);
        assertThat(withContext5(QUIET).state(0x18, 5)).isEqualTo(EntryState.QUIESCED);
        assertThat(withContext5(ContextDescriptor.V.clear(Image.CD0)).state(0x18, 5))
                .isEqualTo(EntryState.EMPTY);
        assertThat(withContext5(Image.CD0).state(0x18, 6)).isEqualTo(EntryState.EMPTY);
    }

    @Test
    void whatWalksNothingButReportsFaultsIsNotSilent() {
        assertThat(withContext5(QUIET | ContextDescriptor.R.encode(true)).state(0x18, 5))
                .isEqualTo(EntryState.EMPTY);
        // A = 0: reads return zero and writes vanish, with success. Silent, but no abort.
        assertThat(withContext5(ContextDescriptor.A.clear(QUIET)).state(0x18, 5))
                .isEqualTo(EntryState.EMPTY);
    }

    @Test
    void quiescedAbortsAndSoSaysTheHardware() {
        assertThat(withContext5(QUIET).translate(0x18, 5, 0x1000, Access.READ).fault())
                .isEqualTo("F_TRANSLATION");
        assertThat(withContext5(Image.CD0)
                        .translate(0x18, 5, 0x1000, Access.READ)
                        .fault())
                .isNull();
        assertThat(withContext5(ContextDescriptor.V.clear(Image.CD0))
                        .translate(0x18, 5, 0x1000, Access.READ)
                        .fault())
                .isEqualTo("C_BAD_CD");
    }

    @Test
    void numbersWithoutAnEntryAreEmpty() {
        IommuInspector inspector = withContext5(Image.CD0);
        assertThat(inspector.state(0x18, 16)).as("beyond S1CDMax").isEqualTo(EntryState.EMPTY);
        assertThat(inspector.state(0x18, NONE)).as("S1DSS terminate").isEqualTo(EntryState.EMPTY);
        assertThat(inspector.state(0x19, 5)).as("V = 0").isEqualTo(EntryState.EMPTY);
        assertThat(inspector.state(0x118, 5)).as("no second level").isEqualTo(EntryState.EMPTY);
        assertThat(inspector.state(-1, 5)).as("beyond the stream table").isEqualTo(EntryState.EMPTY);
        assertThat(Image.simple().open().state(0x18, 5)).as("no substreams").isEqualTo(EntryState.EMPTY);
    }

    @Test
    void invalidFirstLevelDescriptorIsEmpty() {
        Image image = new Image().onePage().context(5, Image.CD0, Image.TABLE_L0);
        image.memory.put(0x30000, L1ContextDescriptor.encode(Image.CONTEXTS), 0);
        image.stream(0x18, Image.ste(StreamTableEntry.CONFIG_S1_TRANSLATE, 0x30000, 7, 1), 0);
        assertThat(image.open().state(0x18, 5)).isEqualTo(EntryState.LIVE);
        assertThat(image.open().state(0x18, 69)).isEqualTo(EntryState.EMPTY);
    }

    @Test
    void streamsThatDoNotTranslate() {
        IommuInspector inspector =
                Image.simple().stream(1, Image.ste(StreamTableEntry.CONFIG_BYPASS, 0, 0, 0), 0).stream(
                                2, Image.ste(StreamTableEntry.CONFIG_ABORT, 0, 0, 0), 0)
                        .open();
        assertThat(inspector.state(1, NONE)).isEqualTo(EntryState.LIVE);
        assertThat(inspector.state(1, 7)).as("C_BAD_SUBSTREAMID").isEqualTo(EntryState.EMPTY);
        assertThat(inspector.state(2, NONE)).as("aborts in silence").isEqualTo(EntryState.QUIESCED);
        assertThat(inspector.state(2, 7)).isEqualTo(EntryState.QUIESCED);
    }

    @Test
    void entryOutsideTheImageIsUnknown() {
        Image image = Image.simple();
        image.memory.drop(Image.CONTEXTS);
        SvaException unknown =
                assertThrows(SvaException.class, () -> image.open().state(0x18, NONE));
        assertThat(unknown.error()).isEqualTo(SvaError.NOT_FOUND);
        assertThat(unknown).hasMessageContaining("StreamID 0x18").hasMessageContaining("not in the image");
    }
}
