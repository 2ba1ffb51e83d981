package dev.sva4j.vendor.vtd.inspect;

import static dev.sva4j.spi.Pasid.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.IommuInspector.Entry;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntriesTest {
    private static Entry entry(String kind, String format, long root) {
        return new Entry(Image.SID, Image.PASID, kind, format, root);
    }

    @Test
    void aProcessHasFirstLevelTables() {
        assertThat(Image.process().open().entries())
                .containsExactly(entry("translated", "vtd-first-level", Image.FIRST_TOP));
    }

    @Test
    void theOtherTranslationTypes() {
        assertThat(Image.scalable(Image.SECOND_STAGE, 0x80_0042).open().entries())
                .containsExactly(entry("translated", "vtd-second-level", Image.SECOND_TOP));
        assertThat(Image.scalable(Image.NESTED, 0x80_0042, 0x4_0000).open().entries())
                .containsExactly(entry("translated", "vtd-nested", Image.SECOND_TOP));
        assertThat(Image.scalable(Image.PASS_THROUGH, 0x80_0001).open().entries())
                .containsExactly(entry("passthrough", "", 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0x001, 0x141, 0x1c1, 0x1008_0081L, 0x1008_0091L})
    void aTypeOrWidthThatDoesNotExistIsABadEntry(long word0) {
        assertThat(Image.scalable(word0).open().entries()).containsExactly(entry("bad-entry", "", 0));
    }

    @Test
    void whatTheUnitDoesNotHaveIsABadEntry() {
        long fiveLevels = Image.FIRST_TOP | 4;
        assertThat(Image.scalable(Image.FIRST_STAGE, 1, fiveLevels).open().entries())
                .containsExactly(entry("translated", "vtd-first-level", Image.FIRST_TOP));
        assertThat(Image.scalable(Image.FIRST_STAGE, 1, fiveLevels)
                        .with("CAP", CapabilityRegister.SAGAW.encode(4))
                        .open()
                        .entries())
                .containsExactly(entry("bad-entry", "", 0));
        long onlyFirstStage = ExtendedCapabilityRegister.SMTS.encode(1) | ExtendedCapabilityRegister.FSTS.encode(1);
        assertThat(Image.scalable(Image.SECOND_STAGE, 1)
                        .with("ECAP", onlyFirstStage)
                        .open()
                        .entries())
                .containsExactly(entry("bad-entry", "", 0));
        assertThat(Image.scalable(Image.PASS_THROUGH, 1)
                        .with("ECAP", onlyFirstStage)
                        .open()
                        .entries())
                .containsExactly(entry("bad-entry", "", 0));
    }

    @Test
    void whatADriverLeavesBehindIsQuiesced() {
        assertThat(Image.scalable(2).open().entries()).containsExactly(entry("quiesced", "", 0));
    }

    @Test
    void clearedPresentIsNoEntry() {
        assertThat(Image.scalable(0x48, 0x80_0001, Image.FIRST_TOP).open().entries())
                .containsExactly(new Entry(Image.SID, NONE, "no-pasid-entry", "", 0));
    }

    @Test
    void theUpperHalfHasTheUpperDevices() {
        assertThat(Image.process().put(Image.UPPER + 0x60, Image.CONTEXT).open().entries())
                .extracting(Entry::requester)
                .containsExactly(Image.SID, 0x3A83);
    }

    @Test
    void aSilentContextThatIsNotPresentIsQuiesced() {
        assertThat(Image.process().put(Image.LOWER, 2).open().entries())
                .containsExactly(new Entry(Image.SID, NONE, "quiesced", "", 0));
        assertThat(Image.process().put(Image.LOWER, 0).open().entries()).isEmpty();
    }

    @Test
    void entriesComeByPasid() {
        assertThat(Image.process()
                        .put(Image.RID_TABLE, Image.PASS_THROUGH, 1)
                        .put(Image.PASID_TABLE + 63 * 64, Image.FIRST_STAGE, 1, Image.FIRST_TOP)
                        .open()
                        .entries())
                .extracting(Entry::pasid)
                .containsExactly(0, Image.PASID, 0x1237f);
    }

    @Test
    void withNothingFoundInTablesThatAreNotAllThereTheDeviceMayTranslate() {
        Image image = Image.process().without(Image.PASID_TABLE);
        assertThat(image.open().entries()).containsExactly(new Entry(Image.SID, 0, "translated", "vtd-first-level", 0));
    }

    @Test
    void legacyEntriesHaveNoPasid() {
        assertThat(Image.legacy(0x1008_0001, 0x4202).open().entries())
                .containsExactly(new Entry(Image.SID, NONE, "translated", "vtd-second-level", Image.SECOND_TOP));
        assertThat(Image.legacy(0x1008_0005, 0x4202).open().entries())
                .containsExactly(new Entry(Image.SID, NONE, "translated", "vtd-second-level", Image.SECOND_TOP));
        assertThat(Image.legacy(0x9, 0x102).open().entries())
                .containsExactly(new Entry(Image.SID, NONE, "passthrough", "", 0));
        assertThat(Image.legacy(0x2, 0).open().entries())
                .containsExactly(new Entry(Image.SID, NONE, "quiesced", "", 0));
        assertThat(Image.legacy(0x1008_0001, 0x4200).open().entries())
                .containsExactly(new Entry(Image.SID, NONE, "bad-entry", "", 0));
        assertThat(Image.legacy(0x1008_000d, 0x4202).open().entries())
                .containsExactly(new Entry(Image.SID, NONE, "bad-entry", "", 0));
        assertThat(Image.legacy(0, 0).open().entries()).isEmpty();
    }
}
