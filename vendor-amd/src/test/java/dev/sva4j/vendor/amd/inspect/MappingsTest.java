package dev.sva4j.vendor.amd.inspect;

import static dev.sva4j.spi.Pasid.NONE;
import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.Access;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The leaves of vectors 12.6 and 12.7. */
class MappingsTest {
    private static final int DEVICE = 0x300;
    private static final int RW = READ | WRITE | USER;
    private static final Entry HOST = new Entry(DEVICE, NONE, "translated", "amd-v1", 0);
    private static final Entry GUEST = new Entry(DEVICE, 0x12345, "translated", "amd-v2", 0);

    private static List<Image.Leaf> leaves(Image image, Entry entry) {
        Image.Found found = Image.mappings(image.open(), entry);
        assertThat(found.gaps).isEmpty();
        return found.leaves;
    }

    @Test
    void leavesOfTheHostTables() {
        assertThat(leaves(new Image().device(DEVICE, Image.D3).hostTables(), HOST))
                .containsExactly(
                        new Image.Leaf(0x80_1234_5000L, 0xabcd_e000L, 0x1000, RW),
                        new Image.Leaf(0x80_1234_6000L, 0xabcd_f000L, 0x1000, READ | USER),
                        new Image.Leaf(0x80_1240_0000L, 0x4020_0000L, 0x20_0000, RW),
                        new Image.Leaf(0x80_1280_0000L, 0x4040_0000L, 0x20_0000, RW),
                        new Image.Leaf(0x80_12a0_0000L, 0x4060_0000L, 0x20_0000, RW));
    }

    @Test
    void leavesOfTheGuestTables() {
        assertThat(leaves(new Image().device(DEVICE, Image.D7).guestTables(), GUEST))
                .containsExactly(
                        new Image.Leaf(0x7f12_3456_7000L, 0xabcd_e000L, 0x1000, RW),
                        new Image.Leaf(0x7f12_3456_8000L, 0xabcd_f000L, 0x1000, READ | USER),
                        new Image.Leaf(0x7f12_3460_0000L, 0xc000_0000L, 0x20_0000, RW | EXECUTE),
                        new Image.Leaf(0x7f12_4000_0000L, 0x1_4000_0000L, 0x4000_0000L, RW | EXECUTE));
    }

    @Test
    void theDeviceTableEntryTakesRightsAway() {
        Image readOnly =
                new Image().device(DEVICE, 0x2000_0012_3456_7803L, 0x42, 0).hostTables();
        assertThat(leaves(readOnly, HOST))
                .allSatisfy(leaf -> assertThat(leaf.rights()).isEqualTo(READ | USER));
        Image writeOnly = new Image()
                .device(DEVICE, 0x4590_0000_0000_0003L, Image.D7[1], 0)
                .guestTables();
        assertThat(leaves(writeOnly, GUEST).get(0).rights()).isEqualTo(WRITE | USER);
    }

    @Test
    void withoutNxSupNothingKeepsAPageFromBeingExecuted() {
        Image image = new Image().device(DEVICE, Image.D7).guestTables();
        image.registers.put("EXT_FEATURE", 0x0005_0033_0000_8852L);
        assertThat(leaves(image, GUEST).get(0).rights()).isEqualTo(RW | EXECUTE);
    }

    @Test
    void theUpperHalfOfPasid0FollowsOnTheLower() {
        Image image = new Image().device(DEVICE, 0x64c0_0000_0000_0003L, 0x0000_1001_1084_0007L, 0);
        image.guestTables().memory.put(0x1_0842_1000L, 0x1_0842_3001L).put(0x1_0842_3800L, 0x1_0842_4007L);
        Entry untagged = new Entry(DEVICE, 0, "translated", "amd-v2", 0);
        assertThat(leaves(image, untagged)).extracting(Image.Leaf::iova).contains(0x7f12_4000_0000L, 0x8012_4000_0000L);
    }

    @Test
    void theUpperHalfOfAProcessIsSignExtended() {
        Image image = new Image().device(DEVICE, Image.D7).guestTables();
        image.memory.put(0x1_0842_3800L, 0x1_0842_4007L);
        assertThat(leaves(image, GUEST)).extracting(Image.Leaf::iova).contains(0xffff_8012_4000_0000L);
    }

    @Test
    void fiveLevelsReachFurther() {
        Image image = new Image().device(DEVICE, 0x6490_0000_0000_0003L, 0x0000_1001_1084_0007L, 0x40_0000_0000_0000L);
        image.memory
                .put(0x1_0842_1028L, 0x3_0000_1001L)
                .put(0x3_0000_17f0L, 0x3_0000_2007L)
                .put(0x3_0000_2dc8L, 0x3_0000_3007L)
                .put(0x3_0000_3750L, 0x3_0000_4007L)
                .put(0x3_0000_4618L, 0x3_0000_5007L)
                .put(0x3_0000_5b28L, 0x5555_5027L);
        assertThat(leaves(image, new Entry(DEVICE, 5, "translated", "amd-v2", 0)))
                .containsExactly(
                        new Image.Leaf(0xfe_dcba_9876_5000L, 0x5555_5000L, 0x1000, READ | WRITE | USER | EXECUTE));
    }

    @Test
    void aTableOutsideTheImageIsAGap() {
        Image image = new Image().device(DEVICE, Image.D3).hostTables();
        image.memory.drop(0x12_3456_a000L);
        Image.Found found = Image.mappings(image.open(), HOST);
        assertThat(found.gaps).containsExactly(new Image.Gap(0x80_1220_0000L, 0x20_0000, 0x12_3456_a000L));
        assertThat(found.leaves).hasSize(3);
    }

    @Test
    void aGcr3TableOutsideTheImageIsAGap() {
        Image.Found found = Image.mappings(
                new Image().device(DEVICE, Image.D7).open(), new Entry(DEVICE, 0, "translated", "amd-v2", 0));
        assertThat(found.gaps).containsExactly(new Image.Gap(0, 1L << 57, 0x1_0842_1000L));
    }

    @Test
    void mappingsOfNestedTablesAreRefused() {
        IommuInspector inspector = new Image().device(DEVICE, Image.D3).open();
        assertThatThrownBy(() -> Image.mappings(inspector, new Entry(DEVICE, 3, "translated", "amd-nested", 0)))
                .isInstanceOfSatisfying(
                        SvaException.class,
                        refused -> assertThat(refused.error()).isEqualTo(SvaError.UNSUPPORTED))
                .hasMessageContaining("device 0x300, PASID 3");
    }

    @Test
    void singleRequestsAreAnsweredByTheHardwareHalf() {
        IommuInspector inspector =
                new Image().device(DEVICE, new long[] {3, 0, 0}).open();
        assertThat(inspector.translate(DEVICE, NONE, 0x1000, Access.READ).fault())
                .isEqualTo("IO_PAGE_FAULT PR PE");
    }
}
