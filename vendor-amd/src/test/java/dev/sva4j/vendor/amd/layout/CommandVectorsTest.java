package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.vendor.amd.layout.Decoded.says;
import static dev.sva4j.vendor.amd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors 12.4, and the masks of reserved bits that VirtualBox and QEMU enforce. */
class CommandVectorsTest {
    private static final int DEVICE = 0x300;
    private static final int PASID = 0x12345;
    private static final long TWO_MEGABYTES = InvalidationRange.word1(0x7f12_3440_0000L, 0x7f12_345f_ffffL);

    @Test
    void c1StoresItsData() {
        long word0 = CompletionWait.storeWord0(0x1234_5678L);
        assertThat(word0).isEqualTo(0x1000_0000_1234_5679L);
        says(
                CompletionWait.LAYOUT,
                words(word0, 0xcafe_babe_0000_0001L),
                "Opcode = 1",
                "S = 1",
                "StoreAddress = 0x12345678",
                "StoreData = 0xcafebabe00000001");
    }

    @Test
    void c2StoresInterruptsAndFlushes() {
        long word0 = CompletionWait.storeWord0(0x000f_0000_0abc_de08L)
                | CompletionWait.I.encode(true)
                | CompletionWait.F.encode(true);
        assertThat(word0).isEqualTo(0x100f_0000_0abc_de0fL);
    }

    @Test
    void aWaitCanInterruptOnly() {
        assertThat(CompletionWait.interruptWord0()).isEqualTo(0x1000_0000_0000_0002L);
    }

    @Test
    void c3ToC5NameADeviceOrNothing() {
        assertThat(InvalidateDevtabEntry.word0(DEVICE)).isEqualTo(0x2000_0000_0000_0300L);
        assertThat(InvalidateIommuAll.word0()).isEqualTo(0x8000_0000_0000_0000L);
        assertThat(InvalidateInterruptTable.word0(DEVICE)).isEqualTo(0x5000_0000_0000_0300L);
    }

    @Test
    void c6Prefetches() {
        assertThat(PrefetchIommuPages.word0(DEVICE, 4, PASID)).isEqualTo(0x6001_2345_0400_0300L);
        assertThat(PrefetchIommuPages.word1(0x7f12_3456_7000L, true, true)).isEqualTo(0x7f12_3456_7014L);
    }

    @Test
    void i1ToI5AreAboutAPasidOfADomain() {
        long word0 = InvalidateIommuPages.word0(0x1234, PASID);
        assertThat(word0).isEqualTo(0x3000_1234_0001_2345L);
        says(
                InvalidateIommuPages.LAYOUT,
                words(word0, InvalidateIommuPages.word1(TWO_MEGABYTES, true, true)),
                "Opcode = 3",
                "PASID = 0x12345",
                "DomainID = 0x1234",
                "S = 1",
                "PDE = 1",
                "GN = 1",
                "Address = 0x7f12344ff000");
        assertThat(InvalidateIommuPages.word0(7, PASID)).isEqualTo(0x3000_0007_0001_2345L);
    }

    @Test
    void i6AndI7AreAboutADomain() {
        assertThat(InvalidateIommuPages.word0(0x42)).isEqualTo(0x3000_0042_0000_0000L);
        assertThat(InvalidateIommuPages.word1(InvalidationRange.ALL, false, true))
                .isEqualTo(0x7fff_ffff_ffff_f003L);
        assertThat(InvalidateIommuPages.word1(InvalidationRange.word1(0x2000, 0x3fff), false, true))
                .isEqualTo(0x2003);
    }

    @Test
    void t1SpreadsThePasidOverThreePieces() {
        long word0 = InvalidateIotlbPages.word0(DEVICE, DEVICE, 0x20, PASID);
        assertThat(word0).isEqualTo(0x4145_0300_2023_0300L);
        assertThat(InvalidateIotlbPages.word1(TWO_MEGABYTES, true)).isEqualTo(0x7f12_344f_f005L);
        says(
                InvalidateIotlbPages.LAYOUT,
                words(word0, 0x7f12_344f_f005L),
                "Opcode = 4",
                "DeviceID = 0x300",
                "PASID = 0x12345",
                "MaxPend = 0x20",
                "QueueID = 0x300",
                "S = 1",
                "GN = 1",
                "Address = 0x7f12344ff000");
    }

    @Test
    void t2IsWhatLinuxBuildsForSixteenBits() {
        assertThat(InvalidateIotlbPages.word0(DEVICE, DEVICE, 0x20, 0x2345)).isEqualTo(0x4045_0300_2023_0300L);
    }

    @Test
    void t3AndT4DropEverything() {
        assertThat(InvalidateIotlbPages.word0(DEVICE, DEVICE, 0)).isEqualTo(0x4000_0300_0000_0300L);
        assertThat(InvalidateIotlbPages.word1(InvalidationRange.ALL, false)).isEqualTo(0x7fff_ffff_ffff_f001L);
        assertThat(InvalidateIotlbPages.word1(InvalidationRange.ALL, true)).isEqualTo(0x7fff_ffff_ffff_f005L);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 0, 0000000500000004",
        "5, 1, 0000100500000004",
        "5, 15, 0000f00500000004",
    })
    void p1ToP3AnswerAPasid(int prgIndex, int response, String word1) {
        assertThat(CompletePprRequest.word0(DEVICE, PASID)).isEqualTo(0x7001_2345_0000_0300L);
        assertThat(CompletePprRequest.word1(prgIndex, response, true)).isEqualTo(Long.parseLong(word1, 16));
    }

    @Test
    void p4AnswersWithoutPasid() {
        assertThat(CompletePprRequest.word0(DEVICE, 0)).isEqualTo(0x7000_0000_0000_0300L);
        assertThat(CompletePprRequest.word1(0x1ff, CompletePprRequest.RESPONSE_SUCCESS, false))
                .isEqualTo(0x1ff_0000_0000L);
    }

    @Test
    void anAnswerIsDecoded() {
        says(
                CompletePprRequest.LAYOUT,
                words(0x7001_2345_0000_0300L, 0x0000_f005_0000_0004L),
                "Opcode = 7",
                "DeviceID = 0x300",
                "PASID = 0x12345",
                "GN = 1",
                "PRGIndex = 5",
                "Response = 0xf (Response Failure)");
    }

    /** Masks of VirtualBox and QEMU; bits 107:105 of COMPLETE_PPR_REQUEST neither checks. */
    @ParameterizedTest
    @CsvSource({
        "COMPLETION_WAIT, 0ff0000000000000, 0",
        "INVALIDATE_DEVTAB_ENTRY, 0fffffffffff0000, ffffffffffffffff",
        "INVALIDATE_IOMMU_PAGES, 0fff0000fff00000, ff8",
        "INVALIDATE_IOTLB_PAGES, 0, fca",
        "INVALIDATE_INTERRUPT_TABLE, 0fffffffffff0000, ffffffffffffffff",
        "PREFETCH_IOMMU_PAGES, 0ff0000000ff0000, fea",
        "COMPLETE_PPR_REQUEST, 0ff00000ffff0000, ffff0e00fffffffb",
        "INVALIDATE_IOMMU_ALL, 0fffffffffffffff, ffffffffffffffff",
    })
    void reservedBitsAreThoseOfTheEmulators(Command command, String word0, String word1) {
        assertThat(command.layout().reservedMask(0)).isEqualTo(Long.parseUnsignedLong(word0, 16));
        assertThat(command.layout().reservedMask(1)).isEqualTo(Long.parseUnsignedLong(word1, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETION_WAIT, 1",
        "INVALIDATE_DEVTAB_ENTRY, 2",
        "INVALIDATE_IOMMU_PAGES, 3",
        "INVALIDATE_IOTLB_PAGES, 4",
        "INVALIDATE_INTERRUPT_TABLE, 5",
        "PREFETCH_IOMMU_PAGES, 6",
        "COMPLETE_PPR_REQUEST, 7",
        "INVALIDATE_IOMMU_ALL, 8",
    })
    void theOpcodeNamesTheCommand(Command command, long opcode) {
        assertThat(Command.of(opcode << 60)).isEqualTo(command);
        assertThat(command.opcode()).isEqualTo((int) opcode);
        assertThat(command.layout().name()).isEqualTo(command.name());
    }

    @Test
    void commandsOfVirtualIommusAreUnknown() {
        assertThat(Command.of(0)).isNull();
        assertThat(Command.of(9L << 60)).isNull();
        assertThat(Command.of(0xAL << 60)).isNull();
    }
}
