package dev.sva4j.vendor.smmu.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.vendor.smmu.layout.L1ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import java.time.Duration;
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

    private static String refusedWith(String register, long value) {
        Image image = Image.simple();
        image.registers.put(register, value);
        return refused(image::open);
    }

    @Test
    void missingRegistersAreNamed() {
        Image image = Image.simple();
        image.registers.remove("STRTAB_BASE");
        assertThat(refused(image::open)).endsWith("not given: STRTAB_BASE");
        image.registers.remove("STRTAB_BASE_CFG");
        assertThat(refused(image::open)).endsWith("not given: STRTAB_BASE, STRTAB_BASE_CFG");
    }

    @Test
    void registersThatDoNotFit() {
        assertThat(refusedWith("STRTAB_BASE", 0x7777_0000L))
                .contains("the stream table at 0x77770000 is not in the image");
        assertThat(refusedWith("STRTAB_BASE_CFG", 0x1023FL)).contains("LOG2SIZE is 63");
        assertThat(refusedWith("STRTAB_BASE_CFG", 0x20210L)).contains("FMT 2 is reserved");
        assertThat(refusedWith("STRTAB_BASE_CFG", 0x30210L)).contains("FMT 3 is reserved");
        assertThat(refusedWith("IDR1", 1L << 32)).isEqualTo("IDR1 has 32 bits; 0x100000000 is not a value of it");
    }

    @Test
    void streamTableThatPointsToItself() {
        Image image = Image.simple();
        image.memory.put(Image.STREAM_TABLE + 16, L1StreamTableDescriptor.encode(Image.STREAM_TABLE, 2));
        assertThat(refused(() -> image.open().entries()))
                .contains("the stream table points to itself")
                .contains("0x10010");
    }

    @Test
    void contextTableThatPointsToItself() {
        Image image = new Image();
        image.memory.put(Image.CONTEXTS, L1ContextDescriptor.encode(Image.CONTEXTS));
        image.stream(0x18, Image.ste(StreamTableEntry.CONFIG_S1_TRANSLATE, Image.CONTEXTS, 8, 1), 0);
        assertThat(refused(() -> image.open().entries())).contains("context descriptor table points to itself");
    }

    @Test
    void pageTableThatPointsToItself() {
        Image image = Image.simple();
        image.memory.put(Image.TABLE_L1 + 8, Vmsav8_64.LINUX_4K.tableEntry(2, Image.TABLE_L0));
        IommuInspector inspector = image.open();
        assertThat(refused(() -> Image.mappings(inspector, inspector.entries().get(0))))
                .contains("StreamID 0x18")
                .contains("circle");
    }

    @Test
    void hugeTablesTakeNoLongerThanTheImageIsLarge() {
        Image image = new Image();
        // 2^32 streams: a linear table of 256 GiB, a first level of 32 MiB. Of either one page is there.
        image.registers.put("STRTAB_BASE", 0L);
        for (long cfg : new long[] {32, 0x10000 | (10 << 6) | 32}) {
            image.registers.put("STRTAB_BASE_CFG", cfg);
            assertThat(assertTimeout(Duration.ofSeconds(10), () -> image.open().entries()))
                    .isEmpty();
        }
    }

    @Test
    void tablesThatOverlapEachOtherEnd() {
        Image image = new Image();
        // 256 streams with 2^14 contexts each, all of them in the same, empty memory.
        long contexts = 0x1000_0000L;
        image.memory.back(contexts, 64L << 14);
        for (int sid = 0; sid < 256; sid++) {
            image.stream(sid, Image.ste(StreamTableEntry.CONFIG_S1_TRANSLATE, contexts, 14, 0), 0);
        }
        ImageRegisters registers = ImageRegisters.of(new RegisterValues(image.registers));
        LookLimit limit = new LookLimit(StreamTableReader.TABLE, 1 << 20);
        StreamEntries entries = new StreamEntries(image.memory, registers);
        StreamTableReader streams = new StreamTableReader(image.memory, registers);
        assertThat(refused(() -> streams.forEachActive(limit, stream -> entries.add(stream, limit))))
                .contains("more than 1048576 entries")
                .contains("tables overlap each other");
    }
}
