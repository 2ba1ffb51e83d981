package dev.sva4j.vendor.smmu.inspect;

import static dev.sva4j.spi.Pasid.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sva4j.api.Access;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.Entry;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.L1ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import org.junit.jupiter.api.Test;

class EntriesTest {
    private static final long TTB = Image.TABLE_L0;
    private static final long QUIET = ContextDescriptor.R.clear(Image.CD0 | ContextDescriptor.EPD0.encode(true));

    private static Entry translated(int requester, int pasid) {
        return new Entry(requester, pasid, "translated", "lpae-stage1", TTB);
    }

    private static Entry other(int requester, int pasid, String kind) {
        return new Entry(requester, pasid, kind, "", 0);
    }

    @Test
    void singleContextHasNoPasid() {
        assertThat(Image.simple().open().entries()).containsExactly(translated(0x18, NONE));
    }

    @Test
    void invalidAndAbortingStreamsAreNotListed() {
        Image image = Image.simple().stream(1, Image.ste(StreamTableEntry.CONFIG_ABORT, 0, 0, 0), 0).stream(
                2, StreamTableEntry.V.clear(Image.ste(StreamTableEntry.CONFIG_BYPASS, 0, 0, 0)), 0)
                // Every Config with bit 2 clear aborts.
                .stream(3, Image.ste(3, 0, 0, 0), 0)
                .stream(4, Image.ste(StreamTableEntry.CONFIG_BYPASS, 0, 0, 0), 0);
        assertThat(image.open().entries()).containsExactly(other(4, NONE, "bypass"), translated(0x18, NONE));
    }

    @Test
    void linearStreamTable() {
        Image image = Image.simple();
        image.registers.put("STRTAB_BASE", Image.SECOND_LEVEL);
        image.registers.put("STRTAB_BASE_CFG", 8L);
        assertThat(image.open().entries()).containsExactly(translated(0x18, NONE));
    }

    @Test
    void streamsBeyondSizeOrSpanDoNotExist() {
        Image image = Image.simple();
        image.registers.put("STRTAB_BASE_CFG", 0x10204L); // LOG2SIZE 4: StreamIDs 0 to 15
        assertThat(image.open().entries()).isEmpty();
        assertThat(image.open().translate(0x18, NONE, 0x1000, Access.READ).fault())
                .isEqualTo("C_BAD_STREAMID");

        Image narrow = Image.simple();
        narrow.memory.put(Image.STREAM_TABLE, L1StreamTableDescriptor.encode(Image.SECOND_LEVEL, 4));
        assertThat(narrow.open().entries()).isEmpty();

        Image wide = Image.simple();
        wide.memory.put(Image.STREAM_TABLE, L1StreamTableDescriptor.encode(Image.SECOND_LEVEL, 9)); // beyond SPLIT
        assertThat(wide.open().entries()).isEmpty();
        assertThat(wide.open().translate(0x18, NONE, 0x1000, Access.READ).fault())
                .isEqualTo("C_BAD_STREAMID");
    }

    @Test
    void contextTableGivesAPasidPerValidDescriptor() {
        Image image = new Image()
                .onePage()
                .stage1(0x18, 4, StreamTableEntry.S1DSS_TERMINATE)
                .context(0, Image.CD0, TTB)
                .context(3, ContextDescriptor.V.clear(Image.CD0), TTB)
                .context(15, Image.CD0, TTB);
        assertThat(image.open().entries()).containsExactly(translated(0x18, 0), translated(0x18, 15));
    }

    @Test
    void contextOfUntaggedTrafficHasNoPasid() {
        Image image = new Image()
                .onePage()
                .stage1(0x18, 4, StreamTableEntry.S1DSS_SUBSTREAM0)
                .context(0, Image.CD0, TTB)
                .context(5, Image.CD0, TTB);
        IommuInspector inspector = image.open();
        assertThat(inspector.entries()).containsExactly(translated(0x18, NONE), translated(0x18, 5));
        // S1DSS = 10: a request with PASID 0 has no context (IHI 0070 §5.2).
        assertThat(inspector.translate(0x18, 0, 0x1000, Access.READ).fault()).isEqualTo("F_STREAM_DISABLED");
    }

    @Test
    void untaggedTrafficMayBypass() {
        Image image = new Image()
                .onePage()
                .stage1(0x18, 4, StreamTableEntry.S1DSS_BYPASS)
                .context(5, Image.CD0, TTB);
        IommuInspector inspector = image.open();
        assertThat(inspector.entries()).containsExactly(other(0x18, NONE, "bypass"), translated(0x18, 5));
        assertThat(inspector.translate(0x18, NONE, 0x1234, Access.WRITE).pa()).isEqualTo(0x1234);
    }

    @Test
    void twoLevelContextTables() {
        for (int format = 1; format <= 2; format++) {
            Image image = new Image().onePage().context(70, Image.CD0, TTB);
            long roots = 0x30000;
            int leafEntries = format == 1 ? 64 : 1024;
            // Two leaves: one that is the table at CONTEXTS from its beginning, one that does not exist.
            image.memory.back(Image.CONTEXTS, 0x10000).put(roots, 0, 0, L1ContextDescriptor.encode(Image.CONTEXTS));
            image.memory.put(Image.CONTEXTS + 64 * 5, Image.CD0, TTB, 0, 0, 0, 0, 0, 0);
            image.stream(0x18, Image.ste(StreamTableEntry.CONFIG_S1_TRANSLATE, roots, 16, format), 0);
            int second = format == 1 ? -1 : 2 * leafEntries + 70;
            IommuInspector inspector = image.open();
            assertThat(inspector.entries())
                    .contains(translated(0x18, 2 * leafEntries + 5))
                    .hasSize(second < 0 ? 1 : 2);
            assertThat(inspector
                            .translate(0x18, 2 * leafEntries + 5, 0x1008, Access.READ)
                            .pa())
                    .isEqualTo(Image.DATA + 8);
            assertThat(inspector.translate(0x18, 5, 0x1008, Access.READ).fault())
                    .isEqualTo("C_BAD_SUBSTREAMID");
        }
    }

    @Test
    void quietDescriptorIsListedAsQuiesced() {
        Image image = new Image()
                .onePage()
                .stage1(0x18, 4, StreamTableEntry.S1DSS_TERMINATE)
                .context(5, QUIET, 0);
        assertThat(image.open().entries()).containsExactly(other(0x18, 5, "quiesced"));
    }

    @Test
    void streamWithoutAUsableDescriptor() {
        assertThat(Image.simple()
                        .context(0, ContextDescriptor.V.clear(Image.CD0), TTB)
                        .open()
                        .entries())
                .containsExactly(other(0x18, NONE, "no-pasid-entry"));
        // T0SZ 15 needs 52-bit addresses; TG0 3 is reserved.
        assertThat(Image.simple()
                        .context(0, ContextDescriptor.T0SZ.put(Image.CD0, 15), TTB)
                        .open()
                        .entries())
                .containsExactly(other(0x18, NONE, "bad-entry"));
        assertThat(Image.simple()
                        .context(0, ContextDescriptor.TG0.put(Image.CD0, 3), TTB)
                        .open()
                        .entries())
                .containsExactly(other(0x18, NONE, "bad-entry"));
    }

    @Test
    void moreContextsThanTheMachineHasSubstreamsAreABadEntry() {
        Image image = new Image().onePage().stage1(0x18, 4, 0).context(5, Image.CD0, TTB);
        image.registers.put("IDR0", 0xd44101bL);
        image.registers.put("IDR1", 0x2730010L); // QEMU: SSIDSIZE 0
        assertThat(image.open().entries()).containsExactly(other(0x18, NONE, "bad-entry"));
        assertThat(image.open().translate(0x18, 5, 0x1000, Access.READ).fault()).isEqualTo("C_BAD_STE");
    }

    @Test
    void descriptorOutsideTheImageMayTranslate() {
        Image image = Image.simple();
        image.memory.drop(Image.CONTEXTS);
        IommuInspector inspector = image.open();
        Entry entry = new Entry(0x18, NONE, "translated", "lpae-stage1", 0);
        assertThat(inspector.entries()).containsExactly(entry);
        assertThat(Image.mappings(inspector, entry).gaps).containsExactly(new Image.Gap(0, 1L << 52, Image.CONTEXTS));
        assertThat(inspector.translate(0x18, NONE, 0x1000, Access.READ).fault()).isEqualTo("not in dump");
    }

    @Test
    void stage2IsListedAndSaidToBeUnsupported() {
        Image image = Image.simple().stream(1, Image.ste(StreamTableEntry.CONFIG_S2_TRANSLATE, 0, 0, 0), 0).stream(
                2, Image.ste(StreamTableEntry.CONFIG_NESTED, Image.CONTEXTS, 0, 0), 0);
        IommuInspector inspector = image.open();
        assertThat(inspector.entries())
                .contains(
                        new Entry(1, NONE, "translated", "lpae-stage2", 0),
                        new Entry(2, NONE, "translated", "lpae-nested", 0));
        assertThat(inspector.translate(1, NONE, 0x1000, Access.READ).fault()).isEqualTo("not modelled: stage 2");
        Entry stage2 = inspector.entries().get(0);
        assertThat(assertThrows(SvaException.class, () -> Image.mappings(inspector, stage2))
                        .error())
                .isEqualTo(SvaError.UNSUPPORTED);
    }
}
