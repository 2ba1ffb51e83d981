package dev.sva4j.vendor.vtd.inspect;

import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sva4j.api.Access;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector.Answer;
import dev.sva4j.spi.Pasid;
import dev.sva4j.vendor.vtd.inspect.Image.Gap;
import dev.sva4j.vendor.vtd.inspect.Image.Leaf;
import org.junit.jupiter.api.Test;

/** What is mapped, by software; and that hardware finds the same. */
class MappingsTest {
    private static Leaf leaf(int rights) {
        return new Leaf(Image.VA, Image.PA, 4096, rights);
    }

    private static int rightsOfSupervisorLeaf(long pte, long word2) {
        Image image = Image.scalable(Image.FIRST_STAGE, 0x80_0001, word2).put(Image.PTE, pte);
        return image.mappings().leaves.get(0).rights();
    }

    @Test
    void firstStage() {
        assertThat(Image.process().mappings().leaves).containsExactly(leaf(READ | WRITE | USER));
        assertThat(Image.process().put(Image.PTE, 0x2_abcd_e005L).mappings().leaves)
                .containsExactly(leaf(READ | USER));
    }

    @Test
    void executeDisableTakesNothingAwayAsNothingExecutes() {
        assertThat(Image.process().put(Image.PTE, 0x8000_0002_abcd_e007L).mappings().leaves)
                .containsExactly(leaf(READ | WRITE | USER));
    }

    @Test
    void aSupervisorsLeafIsForWhoeverSreLetsIn() {
        long readOnly = 0x2_abcd_e001L;
        long writable = 0x2_abcd_e003L;
        assertThat(rightsOfSupervisorLeaf(writable, 0x1004_0000)).as("SRE = 0").isZero();
        assertThat(rightsOfSupervisorLeaf(writable, 0x1004_0001)).isEqualTo(READ | WRITE);
        assertThat(rightsOfSupervisorLeaf(readOnly, 0x1004_0001)).as("WPE = 0").isEqualTo(READ | WRITE);
        assertThat(rightsOfSupervisorLeaf(readOnly, 0x1004_0011)).as("WPE = 1").isEqualTo(READ);
    }

    @Test
    void theUpperHalfIsThereToo() {
        Image image = Image.process().put(Image.FIRST_TOP + 8L * 511, 0x1004_1007);
        assertThat(image.mappings().leaves).extracting(Leaf::iova).containsExactly(Image.VA, 0xffff_ff92_3456_7000L);
    }

    @Test
    void secondStage() {
        assertThat(Image.scalable(Image.SECOND_STAGE, 0x80_0042).mappings().leaves)
                .containsExactly(leaf(READ | WRITE | USER));
        assertThat(Image.legacy(0x1008_0001, 0x4202).mappings().leaves).containsExactly(leaf(READ | WRITE | USER));
    }

    @Test
    void mgawEndsTheSecondStage() {
        // SAGAW 48 bits, MGAW 39.
        assertThat(Image.legacy(0x1008_0001, 0x4202).with("CAP", 0x26_0400L).mappings().leaves)
                .isEmpty();
    }

    @Test
    void whatIsNotInTheImageIsUnknown() {
        Image image = Image.process().without(0x1004_3000);
        assertThat(image.mappings().gaps).containsExactly(new Gap(0x7f12_3440_0000L, 2 << 20, 0x1004_3000));
        assertThat(image.open().translate(Image.SID, Image.PASID, Image.VA, Access.READ))
                .isEqualTo(new Answer(0, "not in dump"));
    }

    @Test
    void aTopTableThatIsNotInTheImageIsUnknownInEitherMode() {
        Image scalable = Image.scalable(Image.SECOND_STAGE, 0x80_0042).without(Image.SECOND_TOP);
        assertThat(scalable.open().translate(Image.SID, Image.PASID, Image.VA, Access.READ))
                .isEqualTo(new Answer(0, "not in dump"));
        // The manual has LCT.4 for this, and for an entry that is invalid.
        Image legacy = Image.legacy(0x1008_0001, 0x4202).without(Image.SECOND_TOP);
        assertThat(legacy.open().translate(Image.SID, Pasid.NONE, Image.VA, Access.READ))
                .isEqualTo(new Answer(0, "not in dump"));
        assertThat(Image.legacy(0x1008_0001, 0x4200).open().translate(Image.SID, Pasid.NONE, Image.VA, Access.READ))
                .isEqualTo(new Answer(0, "LCT.4"));
    }

    @Test
    void aPasidTableThatIsNotInTheImageLeavesEverythingUnknown() {
        assertThat(Image.process()
                        .without(Image.PASID_TABLE)
                        .without(Image.RID_TABLE)
                        .mappings()
                        .gaps)
                .containsExactly(new Gap(0, 1L << 57, Image.RID_TABLE));
    }

    @Test
    void aContextTableThatIsNotInTheImageIsUnknown() {
        assertThat(Image.process().without(Image.LOWER).open().translate(Image.SID, Image.PASID, Image.VA, Access.READ))
                .isEqualTo(new Answer(0, "not in dump"));
    }

    @Test
    void hardwareFindsTheSamePages() {
        assertThat(Image.process().open().translate(Image.SID, Image.PASID, Image.VA + 0xabc, Access.WRITE))
                .isEqualTo(new Answer(Image.PA + 0xabc, null));
        assertThat(Image.scalable(Image.SECOND_STAGE, 0x80_0042)
                        .open()
                        .translate(Image.SID, Image.PASID, Image.VA, Access.WRITE))
                .isEqualTo(new Answer(Image.PA, null));
        assertThat(Image.legacy(0x1008_0001, 0x4202).open().translate(Image.SID, Pasid.NONE, Image.VA, Access.WRITE))
                .isEqualTo(new Answer(Image.PA, null));
    }

    @Test
    void nestedTablesAreNotModelled() {
        Image image = Image.scalable(Image.NESTED, 0x80_0042, 0x4_0000);
        SvaException refused = assertThrows(SvaException.class, image::mappings);
        assertThat(refused.error()).isEqualTo(SvaError.UNSUPPORTED);
        assertThat(refused).hasMessageContaining("requester 0x3a00, PASID 74565");
        assertThat(image.open().translate(Image.SID, Image.PASID, Image.VA, Access.READ))
                .isEqualTo(new Answer(0, "not modelled: nested translation"));
    }
}
