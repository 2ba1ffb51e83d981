package dev.sva4j.vendor.vtd.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.spi.inspect.LookLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Registers that do not fit the image, and tables that contradict themselves: one clear error, in bounded time. */
class ContradictionTest {
    private static String refused(Executable call) {
        SvaException refused = assertThrows(SvaException.class, call);
        assertThat(refused.error()).isEqualTo(SvaError.INVALID);
        assertThat(refused.getMessage()).doesNotContain("\n");
        return refused.getMessage();
    }

    @Test
    void missingRegistersAreNamed() {
        Image image = Image.process();
        image.registers.clear();
        assertThat(refused(image::open)).isEqualTo("VT-d tables are found through RTADDR; not given: RTADDR");
    }

    @Test
    void registersThatDoNotFit() {
        assertThat(refused(() -> Image.process().with("RTADDR", 0x1000_0800L).open()))
                .contains("TTM 2 has no tables");
        assertThat(refused(() -> Image.process().with("RTADDR", 0x1000_0c00L).open()))
                .contains("TTM 3 has no tables");
        assertThat(refused(() -> Image.process().with("RTADDR", 0x7777_0400L).open()))
                .contains("the root table at 0x77770000 is not in the image");
        assertThat(refused(() -> Image.process().with("ECAP", 0xf00f4aL).open()))
                .contains("SMTS = 0");
        assertThat(refused(() -> Image.process().with("VER", 1L << 32).open())).startsWith("VER has 32 bits");
    }

    @Test
    void rootTableThatPointsToItself() {
        assertThat(refused(() ->
                        Image.process().put(Image.ROOT, Image.ROOT | 1).open().entries()))
                .contains("the root table points to itself")
                .contains("0x10000000");
    }

    @Test
    void directoryThatPointsToItself() {
        assertThat(refused(() -> Image.process()
                        .put(Image.DIRECTORY, Image.DIRECTORY | 1)
                        .open()
                        .entries()))
                .contains("a PASID directory points to itself");
    }

    @Test
    void pageTableThatPointsToItself() {
        Image image = Image.process().put(0x1004_1008, 0x1004_0007);
        assertThat(refused(image::mappings)).contains("requester 0x3a00").contains("circle");
    }

    @Test
    void tablesThatOverlapEachOtherEnd() {
        Image image = Image.process();
        // Every function of every bus has the same context table, and every context the same directory.
        for (int bus = 0; bus < 256; bus++) {
            image.put(Image.ROOT + 16 * bus, Image.LOWER | 1, Image.LOWER | 1);
        }
        for (int function = 0; function < 128; function++) {
            image.put(Image.LOWER + 32 * function, Image.CONTEXT);
        }
        LookLimit limit = new LookLimit(ImageRegisters.TABLE, 1 << 20);
        ImageRegisters registers = ImageRegisters.of(new RegisterValues(image.registers));
        ScalableMode mode = new ScalableMode(image.memory, registers);
        assertThat(refused(() -> mode.list(new EntryList(ImageRegisters.TABLE), limit)))
                .contains("more than 1048576 entries")
                .contains("tables overlap each other");
    }

    /** Bits 63:52 of a pointer are reserved whatever HAW is: hardware goes no further. */
    @Test
    void pointersBeyondEveryHostLeadNowhere() {
        long beyond = 1L << 63;
        assertThat(refused(() ->
                        Image.process().with("RTADDR", beyond | 0x1000_0400L).open()))
                .contains("is not in the image");
        assertThat(Image.process()
                        .put(Image.ROOT_ENTRY, beyond | Image.LOWER | 1)
                        .open()
                        .entries())
                .isEmpty();
        assertThat(Image.process()
                        .put(Image.LOWER, beyond | Image.CONTEXT)
                        .open()
                        .entries())
                .extracting(IommuInspector.Entry::kind)
                .containsExactly("bad-entry");
        assertThat(Image.process()
                        .put(Image.DIRECTORY_ENTRY, beyond | Image.PASID_TABLE | 1)
                        .open()
                        .entries())
                .extracting(IommuInspector.Entry::kind)
                .containsExactly("no-pasid-entry");
        assertThat(Image.scalable(Image.FIRST_STAGE, 1, beyond | Image.FIRST_TOP)
                        .open()
                        .entries())
                .extracting(IommuInspector.Entry::kind)
                .containsExactly("bad-entry");
    }
}
