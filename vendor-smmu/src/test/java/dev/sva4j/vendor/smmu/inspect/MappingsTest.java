package dev.sva4j.vendor.smmu.inspect;

import static dev.sva4j.spi.Pasid.NONE;
import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.spi.pagetable.Vmsav8_64Layout;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MappingsTest {
    private static final Vmsav8_64 FORMAT = Vmsav8_64.LINUX_4K;
    private static final int ALL = READ | WRITE | EXECUTE | USER;
    private static final long LEAF = FORMAT.leafEntry(0, Image.DATA, Attributes.installed(ALL));

    private static List<Image.Leaf> leaves(Image image) {
        IommuInspector inspector = image.open();
        return Image.mappings(inspector, inspector.entries().get(0)).leaves;
    }

    private static int rights(Image image) {
        List<Image.Leaf> leaves = leaves(image);
        assertThat(leaves).hasSize(1);
        return leaves.get(0).rights();
    }

    private static Image withLeaf(long leaf) {
        Image image = Image.simple();
        image.memory.put(Image.TABLE_L3 + 8, leaf);
        return image;
    }

    @Test
    void onePage() {
        assertThat(leaves(Image.simple())).containsExactly(new Image.Leaf(0x1000, Image.DATA, 0x1000, ALL));
    }

    @Test
    void blocksOfAllSizesInAscendingOrder() {
        Image image = Image.simple();
        image.memory.put(Image.TABLE_L2 + 8, FORMAT.leafEntry(1, 0x4000_0000L, Attributes.installed(ALL)));
        image.memory.put(Image.TABLE_L1 + 8, FORMAT.leafEntry(2, 0x1_0000_0000L, Attributes.installed(READ | USER)));
        assertThat(leaves(image))
                .containsExactly(
                        new Image.Leaf(0x1000, Image.DATA, 0x1000, ALL),
                        new Image.Leaf(0x20_0000, 0x4000_0000L, 0x20_0000, ALL),
                        new Image.Leaf(0x4000_0000L, 0x1_0000_0000L, 0x4000_0000L, READ | USER));
    }

    @Test
    void tablesTakeRightsAwayUnlessTheDescriptorSaysNo() {
        Image readOnly = Image.simple();
        readOnly.memory.put(Image.TABLE_L1, Vmsav8_64Layout.AP_TABLE_1.put(FORMAT.tableEntry(2, Image.TABLE_L2), true));
        assertThat(rights(readOnly)).isEqualTo(READ | EXECUTE | USER);

        Image privileged = Image.simple();
        privileged.memory.put(
                Image.TABLE_L0, Vmsav8_64Layout.AP_TABLE_0.put(FORMAT.tableEntry(3, Image.TABLE_L1), true));
        assertThat(rights(privileged) & USER).isZero();
        assertThat(privileged.open().translate(0x18, NONE, 0x1000, Access.READ).fault())
                .isEqualTo("F_PERMISSION");

        privileged.memory.put(Image.CONTEXTS, Image.CD0, Image.TABLE_L0 | ContextDescriptor.HAD0.encode(true));
        assertThat(rights(privileged)).isEqualTo(ALL);
        assertThat(privileged.open().translate(0x18, NONE, 0x1000, Access.READ).fault())
                .isNull();
    }

    @Test
    void pagesOfTheKernelAreNotForUsers() {
        Image image = withLeaf(FORMAT.leafEntry(0, Image.DATA, Attributes.installed(READ | WRITE)));
        assertThat(rights(image)).isEqualTo(READ | WRITE);
    }

    @Test
    void leafWithoutAccessFlagFaultsUnlessNobodyCares() {
        Image image = withLeaf(Vmsav8_64Layout.AF.clear(LEAF));
        assertThat(rights(image)).isZero();
        assertThat(image.open().translate(0x18, NONE, 0x1000, Access.READ).fault())
                .isEqualTo("F_ACCESS");

        image.context(0, Image.CD0 | ContextDescriptor.AFFD.encode(true), Image.TABLE_L0);
        assertThat(rights(image)).isEqualTo(ALL);
        assertThat(image.open().translate(0x18, NONE, 0x1000, Access.READ).fault())
                .isNull();

        image.context(0, Image.CD0 | ContextDescriptor.HA.encode(true), Image.TABLE_L0);
        assertThat(rights(image)).isEqualTo(ALL);
        assertThat(image.open().translate(0x18, NONE, 0x1000, Access.READ).fault())
                .isEqualTo("not modelled: hardware update of access flags");
    }

    @Test
    void cleanLeafIsWritableOnlyIfHardwareMarksDirt() {
        // Writable and clean, as Linux writes it: DBM and read-only. And the state between: dirty as far as software
        // knows.
        long clean = Vmsav8_64Layout.AP2.put(Vmsav8_64Layout.DBM.put(LEAF, true), true);
        for (long leaf : new long[] {clean, Vmsav8_64Layout.SOFTWARE_DIRTY.put(clean, true)}) {
            Image image = withLeaf(leaf);
            assertThat(rights(image) & WRITE).isZero();
            assertThat(image.open().translate(0x18, NONE, 0x1000, Access.WRITE).fault())
                    .isEqualTo("F_PERMISSION");
            image.context(
                    0,
                    Image.CD0 | ContextDescriptor.HA.encode(true) | ContextDescriptor.HD.encode(true),
                    Image.TABLE_L0);
            assertThat(rights(image) & WRITE).isNotZero();
        }
    }

    @Test
    void writableIsNotExecutableUnderWxn() {
        Image image = Image.simple().context(0, Image.CD0 | ContextDescriptor.WXN.encode(true), Image.TABLE_L0);
        assertThat(rights(image)).isEqualTo(READ | WRITE | USER);
        image.memory.put(Image.TABLE_L1, Vmsav8_64Layout.AP_TABLE_1.put(FORMAT.tableEntry(2, Image.TABLE_L2), true));
        assertThat(rights(image)).as("read-only by a table above").isEqualTo(READ | EXECUTE | USER);
    }

    @Test
    void whatLeadsBeyondTheOutputSizeDoesNotTranslate() {
        Image image = withLeaf(FORMAT.leafEntry(0, 0x1F_0000_0000L, Attributes.installed(ALL)));
        assertThat(leaves(image)).hasSize(1);
        image.context(0, ContextDescriptor.IPS.put(Image.CD0, 1), Image.TABLE_L0); // 36 bits
        assertThat(leaves(image)).isEmpty();
        assertThat(image.open().translate(0x18, NONE, 0x1000, Access.READ).fault())
                .isEqualTo("F_ADDR_SIZE");
    }

    @Test
    void upperHalf() {
        long cd = ContextDescriptor.EPD1.clear(Image.CD0)
                | ContextDescriptor.T1SZ.encode(16)
                | ContextDescriptor.TG1.encode(2);
        Image image = Image.simple();
        image.memory.put(Image.CONTEXTS, cd, Image.TABLE_L0, Image.TABLE_L0);
        assertThat(leaves(image))
                .containsExactly(
                        new Image.Leaf(0x1000, Image.DATA, 0x1000, ALL),
                        new Image.Leaf(0xFFFF_0000_0000_1000L, Image.DATA, 0x1000, ALL));
        assertThat(image.open()
                        .translate(0x18, NONE, 0xFFFF_0000_0000_1234L, Access.READ)
                        .pa())
                .isEqualTo(Image.DATA + 0x234);

        image.memory.put(Image.CONTEXTS, cd | ContextDescriptor.EPD0.encode(true), 0, Image.TABLE_L0);
        assertThat(leaves(image)).hasSize(1);
        assertThat(image.open().entries().get(0).root()).isEqualTo(Image.TABLE_L0);
    }

    @Test
    void tableOutsideTheImageIsAGap() {
        Image image = Image.simple();
        image.memory.drop(Image.TABLE_L2);
        IommuInspector inspector = image.open();
        Image.Found found = Image.mappings(inspector, inspector.entries().get(0));
        assertThat(found.leaves).isEmpty();
        assertThat(found.gaps).containsExactly(new Image.Gap(0, 1L << 30, Image.TABLE_L2));
        assertThat(inspector.translate(0x18, NONE, 0x1000, Access.READ).fault()).isEqualTo("not in dump");
        assertThat(inspector.translate(0x18, NONE, 1L << 30, Access.READ).fault())
                .isEqualTo("F_TRANSLATION");
    }

    @Test
    void entriesWithoutTablesMapNothing() {
        Image image = Image.simple().context(0, Image.CD0 | ContextDescriptor.EPD0.encode(true), Image.TABLE_L0);
        assertThat(leaves(image)).isEmpty();
    }
}
