package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.PA;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PDE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PDPE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PML4E;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors V13 to V16: first-stage walks, what they mark, and how they fail. */
class FirstStageVectorsTest {
    private static final long EAFE = 0x0000000010040080L;
    private static final long SRE = 0x0000000010040001L;
    private static final long SRE_WPE = 0x0000000010040011L;

    private final TestVtd vtd = TestVtd.running();

    private long translated(Access access) {
        return vtd.hardware.directTranslation().orElseThrow().translate(SID, PASID, VA, access);
    }

    private void assertEntries(long pml4e, long pdpe, long pde, long pte) {
        assertThat(new long[] {vtd.memory.load(PML4E), vtd.memory.load(PDPE), vtd.memory.load(PDE), vtd.memory.load(PTE)
                })
                .containsExactly(pml4e, pdpe, pde, pte);
    }

    @Test
    void aUserReadMarksEveryLevelAccessed() {
        assertThat(translated(Access.READ)).isEqualTo(PA);
        assertEntries(0x10041027L, 0x10042027L, 0x10043027L, 0x2abcde027L);
    }

    @Test
    void aUserWriteMarksTheLeafDirtyToo() {
        assertThat(translated(Access.WRITE)).isEqualTo(PA);
        assertEntries(0x10041027L, 0x10042027L, 0x10043027L, 0x2abcde067L);
    }

    @Test
    void aWriteThroughACachedCleanLeafMarksItDirty() {
        assertThat(translated(Access.READ)).isEqualTo(PA);
        assertThat(translated(Access.WRITE)).isEqualTo(PA);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x2abcde067L);
    }

    @Test
    void withEafeEveryLevelIsMarkedExtendedAccessed() {
        vtd.memory.put(PASID_ENTRY + 16, EAFE);
        assertThat(translated(Access.WRITE)).isEqualTo(PA);
        assertEntries(0x10041427L, 0x10042427L, 0x10043427L, 0x2abcde467L);
    }

    @Test
    void aReadOnlyLeafFaultsOnAWriteAndServesARead() {
        vtd.memory.put(PTE, 0x00000002abcde005L);
        assertThat(translated(Access.WRITE)).isEqualTo(-0x85);
        assertThat(vtd.memory.load(PTE)).as("left alone").isEqualTo(0x00000002abcde005L);
        assertThat(translated(Access.READ)).isEqualTo(PA);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x2abcde025L);
        assertThat(translated(Access.WRITE)).as("from the IOTLB").isEqualTo(-0x85);
    }

    @Test
    void aTableThatAllowsNoWritesRestrictsTheLeaf() {
        vtd.memory.put(PDE, 0x0000000010043005L);
        assertThat(translated(Access.WRITE)).isEqualTo(-0x85);
        assertThat(translated(Access.READ)).isEqualTo(PA);
    }

    @Test
    void aSupervisorLeafFaultsOnAUserRequest() {
        vtd.memory.put(PTE, 0x00000002abcde003L);
        assertThat(translated(Access.READ)).isEqualTo(-0x81);
    }

    @Test
    void aSupervisorRequestNeedsSre() {
        vtd.memory.put(PTE, 0x00000002abcde003L);
        assertThat(vtd.privilegedRead(VA).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.reason()).isEqualTo(0x5d);
    }

    @Test
    void withSreASupervisorRequestReachesASupervisorLeaf() {
        vtd.memory.put(PTE, 0x00000002abcde003L);
        vtd.memory.put(PASID_ENTRY + 16, SRE);
        assertThat(vtd.privilegedRead(VA - 4).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void wpeMakesSupervisorWritesObeyReadWrite() {
        vtd.memory.put(PTE, 0x00000002abcde005L);
        vtd.memory.put(PASID_ENTRY + 16, SRE_WPE);
        assertThat(vtd.privilegedWrite(VA - 4).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.reason()).isEqualTo(0x85);
    }

    @Test
    void withoutWpeSupervisorWritesIgnoreReadWrite() {
        vtd.memory.put(PTE, 0x00000002abcde005L);
        vtd.memory.put(PASID_ENTRY + 16, SRE);
        assertThat(vtd.privilegedWrite(VA - 4).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x2abcde065L);
    }

    @Test
    void aLeafThatIsNotPresentFaults() {
        vtd.memory.put(PTE, 0x00000002abcde000L);
        assertThat(translated(Access.READ)).isEqualTo(-0x71);
    }

    @Test
    void anAddressBitAtOrAboveHawIsReserved() {
        vtd.memory.put(PTE, 0x00008002abcde007L);
        assertThat(translated(Access.READ)).isEqualTo(-0x72);
    }

    @Test
    void executeDisableIsIgnored() {
        vtd.memory.put(PTE, 0x80000002abcde007L);
        assertThat(translated(Access.READ)).isEqualTo(PA);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x80000002abcde027L);
        assertThat(translated(Access.WRITE)).isEqualTo(PA);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x80000002abcde067L);
    }

    @Test
    void aDirectoryEntryWithPsIsA2MLeaf() {
        vtd.memory.put(PDE, 0x0000000140000087L);
        assertThat(translated(Access.WRITE)).isEqualTo(0x140167abcL);
        assertThat(vtd.memory.load(PDE)).isEqualTo(0x00000001400000e7L);
    }

    @Test
    void lowAddressBitsOfALargeLeafAreReserved() {
        vtd.memory.put(PDE, 0x0000000140002087L);
        assertThat(translated(Access.READ)).isEqualTo(-0x72);
    }

    @Test
    void bit12OfALargeLeafIsPat() {
        vtd.memory.put(PDE, 0x0000000140001087L);
        assertThat(translated(Access.READ)).isEqualTo(0x140167abcL);
    }

    @Test
    void aDirectoryPointerEntryWithPsIsA1GLeaf() {
        vtd.memory.put(PDPE, 0x0000000240000087L);
        assertThat(translated(Access.READ)).isEqualTo(0x274567abcL);
        assertThat(vtd.memory.load(PDPE)).isEqualTo(0x00000002400000a7L);
    }

    @Test
    void withoutFs1gpPsOfADirectoryPointerEntryIsReserved() {
        TestVtd small = TestVtd.running(TestVtd.with(CapabilityRegister.FS1GP, 0));
        small.memory.put(PDPE, 0x0000000240000087L);
        small.read(VA);
        assertThat(small.reason()).isEqualTo(0x72);
    }

    @Test
    void psOfAPml4EntryIsReserved() {
        vtd.memory.put(PML4E, 0x0000000010041087L);
        assertThat(translated(Access.READ)).isEqualTo(-0x72);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0000800000000000L, 0xffff7fffffffffffL, 0x00ff123456789000L})
    void anAddressMustBeCanonical(long address) {
        assertThat(vtd.hardware.directTranslation().orElseThrow().translate(SID, PASID, address, Access.READ))
                .isEqualTo(-0x80);
    }

    @Test
    void theLowestAddressOfTheUpperHalfIsCanonical() {
        assertThat(vtd.hardware
                        .directTranslation()
                        .orElseThrow()
                        .translate(SID, PASID, 0xffff800000000000L, Access.READ))
                .isEqualTo(-0x71);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0000800000000000L, 0xffff7fffffffffffL, 0x00ff123456789000L, 0xffff800000000000L})
    void fiveLevelsTranslate57Bits(long address) {
        TestVtd large = fiveLevels();
        assertThat(large.hardware.directTranslation().orElseThrow().translate(SID, PASID, address, Access.READ))
                .isEqualTo(-0x71);
    }

    @Test
    void aWalkOfFiveLevelsBeginsAtThePml5() {
        TestVtd large = fiveLevels();
        assertThat(large.hardware
                        .directTranslation()
                        .orElseThrow()
                        .translate(SID, PASID, 0x00ab7f1234567abcL, Access.READ))
                .isEqualTo(PA);
        assertThat(large.memory.load(0x10044558L)).isEqualTo(0x0000000010040027L);
    }

    private static TestVtd fiveLevels() {
        TestVtd large = TestVtd.running(TestVtd.with(CapabilityRegister.FS5LP, 1));
        large.memory.put(PASID_ENTRY + 16, 0x0000000010044004L);
        large.memory.put(0x10044558L, 0x0000000010040007L);
        return large;
    }
}
