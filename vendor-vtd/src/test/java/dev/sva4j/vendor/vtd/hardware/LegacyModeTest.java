package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Legacy mode (TTM = 00): root entry, context entry, second stage, and the reasons of their own (table 30). */
class LegacyModeTest {
    private static final long ROOT = 0x11000000L;
    private static final long ROOT_ENTRY = ROOT + 0x3a0;
    private static final long CONTEXT = 0x11001000L;
    private static final long IOVA = 0x12345abcL;
    private static final long PTE = 0x10083a28L;
    private static final long PA = 0x2abcdeabcL;

    private final TestVtd vtd = prepared(Behaviour.TYPICAL, CapabilityRegisters.PRODUCT);

    private static TestVtd prepared(Behaviour behaviour, CapabilityRegisters capabilities) {
        TestVtd vtd = TestVtd.running(behaviour, capabilities);
        vtd.memory.put(ROOT_ENTRY, 0x11001001L, 0);
        // 48 bits, domain 0x42, second stage without ATS.
        vtd.memory.put(CONTEXT, 0x10080001L, 0x4202L);
        vtd.memory.put(0x10080000L, 0x10081003L);
        vtd.memory.put(0x10081000L, 0x10082003L);
        vtd.memory.put(0x10082488L, 0x10083003L);
        vtd.memory.put(PTE, 0x2abcde003L);
        vtd.write64(TestVtd.RTADDR, ROOT);
        vtd.command(TestVtd.TE | TestVtd.QIE | TestVtd.SRTP);
        return vtd;
    }

    private long translated(long address, Access access) {
        return vtd.hardware.directTranslation().orElseThrow().translate(SID, Pasid.NONE, address, access);
    }

    @Test
    void aContextEntryLeadsToASecondStage() {
        assertThat(translated(IOVA, Access.WRITE)).isEqualTo(PA);
    }

    @Test
    void passThroughLeadsToTheSameAddress() {
        vtd.memory.put(CONTEXT, 0x9L, 0x4202L);
        assertThat(translated(0x20000123L, Access.WRITE)).isEqualTo(0x20000123L);
        assertThat(translated(1L << 46, Access.READ)).isEqualTo(-0x4);
    }

    @Test
    void aRootEntryHasOneTableForTheWholeBus() {
        vtd.memory.put(CONTEXT + 0x830, 0x10080001L, 0x4202L);
        assertThat(vtd.submit(Dma.read(0x3a83, Pasid.NONE, IOVA, 4)).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @ParameterizedTest(name = "0x{0} = 0x{1}: {2}")
    @CsvSource({
        "110003a0, 0, 1",
        "110003a0, 11001003, a",
        "110003a8, 1, a",
        "110003a0, 8000001, 9",
        "11001000, 10080000, 2",
        "11001000, 10080011, b", // bit 4
        "11001008, 1000000000004202, b", // word 1
        "11001000, 1008000d, 3", // TT 3
        "11001008, 4201, 3", // 39 bits, which the unit does not have
        "11001000, 8000001, 3", // SSPTPTR in no memory
        "10082488, 8000003, 7",
        "10083a28, 40000002abcde003, c",
        "10083a28, fee00003, e",
        "10083a28, 2abcde002, 6"
    })
    void isReported(String address, String word, String reason) {
        vtd.memory.put(Long.parseLong(address, 16), Long.parseUnsignedLong(word, 16));
        assertThat(vtd.readUntagged(IOVA).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.reason()).isEqualTo(Integer.parseInt(reason, 16));
    }

    @Test
    void aRootTableInNoMemoryIsReported() {
        vtd.write64(TestVtd.RTADDR, 0x0800_0000L);
        vtd.command(TestVtd.TE | TestVtd.QIE | TestVtd.SRTP);
        vtd.readUntagged(IOVA);
        assertThat(vtd.reason()).isEqualTo(8);
    }

    @Test
    void aPageThatIsNotPresentLacksTheRightThatIsAskedFor() {
        vtd.memory.put(PTE, 0);
        assertThat(translated(IOVA, Access.READ)).isEqualTo(-6);
        assertThat(translated(IOVA, Access.WRITE)).isEqualTo(-5);
    }

    @Test
    void aReadOnlyPageIsNotWritten() {
        vtd.memory.put(PTE, 0x2abcde001L);
        assertThat(translated(IOVA, Access.READ)).isEqualTo(PA);
        assertThat(translated(IOVA, Access.WRITE)).isEqualTo(-5);
    }

    @Test
    void anAddressBeyondTheWidthFaults() {
        assertThat(translated(1L << 48, Access.READ)).isEqualTo(-4);
    }

    @Test
    void fpdHidesQualifiedFaults() {
        vtd.memory.put(CONTEXT, 0x10080003L);
        vtd.memory.put(PTE, 0);
        vtd.readUntagged(IOVA);
        assertThat(vtd.fsts()).isZero();
    }

    @Test
    void atsNeedsTt1() {
        assertThat(vtd.translate(Pasid.NONE, IOVA, 0).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.reason()).isEqualTo(0xd);
        vtd.done(0x11L);
        vtd.memory.put(CONTEXT, 0x10080005L);
        vtd.done(0x11L);
        assertThat(vtd.translate(Pasid.NONE, IOVA, 0).translatedAddress()).isEqualTo(0x2abcde000L);
        assertThat(vtd.submit(Dma.translated(SID, Pasid.NONE, Operation.READ, PA, 4))
                        .outcome())
                .isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void tt1NeedsDt() {
        TestVtd without = prepared(Behaviour.TYPICAL, TestVtd.with(ExtendedCapabilityRegister.DT, 0));
        without.memory.put(CONTEXT, 0x10080005L);
        without.readUntagged(IOVA);
        assertThat(without.reason()).isEqualTo(3);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"00000000000420021, false", "0000000000430021, true", "00003a0000000031, false"})
    void contextInvalidationByDomainCountsTheDomain(String descriptor, boolean kept) {
        TestVtd keeps = prepared(
                new Behaviour(0, Behaviour.UNBOUNDED, Behaviour.UNBOUNDED, false, false, false, false),
                CapabilityRegisters.PRODUCT);
        keeps.readUntagged(IOVA);
        keeps.memory.put(CONTEXT, 0);
        keeps.done(Long.parseLong(descriptor, 16));
        boolean reaches = keeps.readUntagged(IOVA).outcome() == CompletionStatus.SUCCESS;
        assertThat(reaches).isEqualTo(kept);
    }
}
