package dev.sva4j.vendor.amd.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Registers that do not fit the image, and tables that contradict themselves: one clear error. */
class ContradictionTest {

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SvaException.class,
                        refused -> assertThat(refused.error()).isEqualTo(SvaError.INVALID))
                .hasMessageContaining(message);
    }

    @Test
    void theDeviceTableHasToBeGiven() {
        Image image = new Image();
        image.registers.clear();
        refused(image::open, "AMD-Vi tables are found through DEVTAB_BASE; not given: DEVTAB_BASE");
    }

    @Test
    void theDeviceTableHasToBeInTheImage() {
        Image image = new Image();
        image.registers.put("DEVTAB_BASE", 0x77_0000L);
        refused(image::open, "the device table at 0x770000 is not in the image");
    }

    @Test
    void segmentsHaveToBeGiven() {
        Image image = new Image();
        image.registers.put("CONTROL", 0x4_0001_0001L);
        refused(image::open, "not given: DEVTAB_BASE_1");
    }

    @Test
    void moreThanEightSegmentsAreReserved() {
        Image image = new Image();
        image.registers.put("CONTROL", 0x10_0001_0001L);
        refused(image::open, "DevTblSegEn 4 is reserved");
    }

    @Test
    void tablesOfAnIommuThatIsOffSayNothing() {
        Image image = new Image();
        image.registers.put("CONTROL", 0x1_0000L);
        refused(image::open, "IommuEn is 0");
    }

    @Test
    void aGcr3TableThatPointsToItself() {
        Image image = new Image().device(0x300, Image.D7);
        image.memory.put(0x1_0842_1000L, 0x1_0842_1001L);
        refused(() -> image.open().entries(), "a GCR3 table points to itself");
    }
}
