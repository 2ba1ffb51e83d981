package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.RID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Second-stage walks of PASID table entries (3.7, 9.8). Entries are those of vectors V4 and V17. */
class SecondStageTest {
    private static final long IOVA = 0x12345abcL;
    private static final long PML4E = 0x10080000L;
    private static final long PDPE = 0x10081000L;
    private static final long PDE = 0x10082488L;
    private static final long PTE = 0x10083a28L;
    private static final long PA = 0x2abcdeabcL;

    private final TestVtd vtd = prepared(Behaviour.TYPICAL, CapabilityRegisters.PRODUCT);

    private static TestVtd prepared(Behaviour behaviour, CapabilityRegisters capabilities) {
        TestVtd vtd = TestVtd.running(behaviour, capabilities);
        vtd.memory.put(RID_ENTRY, 0x0000000010080089L, 0x0000000000800042L);
        vtd.memory.put(PML4E, 0x10081003L);
        vtd.memory.put(PDPE, 0x10082003L);
        vtd.memory.put(PDE, 0x10083003L);
        vtd.memory.put(PTE, 0x2abcde003L);
        return vtd;
    }

    private long translated(Access access) {
        return translated(vtd, IOVA, access);
    }

    private static long translated(TestVtd vtd, long address, Access access) {
        return vtd.hardware.directTranslation().orElseThrow().translate(SID, Pasid.NONE, address, access);
    }

    @Test
    void aPageIsReadAndWritten() {
        assertThat(translated(Access.READ)).isEqualTo(PA);
        assertThat(translated(Access.WRITE)).isEqualTo(PA);
        assertThat(vtd.memory.load(PTE)).as("flags are not kept").isEqualTo(0x2abcde003L);
    }

    @Test
    void snpIsTaken() {
        vtd.memory.put(PTE, 0x2abcde803L);
        assertThat(translated(Access.READ)).isEqualTo(PA);
    }

    @Test
    void a2MLeafTranslatesABlock() {
        vtd.memory.put(PDE, 0x0000000140000083L);
        assertThat(translated(Access.READ)).isEqualTo(0x140145abcL);
    }

    @Test
    void a1GLeafTranslatesABlock() {
        vtd.memory.put(PDPE, 0x0000000240000083L);
        assertThat(translated(Access.READ)).isEqualTo(0x252345abcL);
    }

    @Test
    void withSsadeEveryLevelIsMarkedAccessedAndTheLeafOfAWriteDirty() {
        vtd.memory.put(RID_ENTRY, 0x0000000010080289L);
        assertThat(translated(Access.READ)).isEqualTo(PA);
        assertThat(new long[] {vtd.memory.load(PML4E), vtd.memory.load(PDPE), vtd.memory.load(PDE)})
                .containsExactly(0x10081103L, 0x10082103L, 0x10083103L);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x2abcde103L);
        assertThat(translated(Access.WRITE)).isEqualTo(PA);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x2abcde303L);
    }

    @Test
    void flagsNeedASnoopedWalk() {
        vtd.memory.put(RID_ENTRY, 0x0000000010080289L, 0x42L);
        assertThat(translated(Access.READ)).isEqualTo(-0x7c);
    }

    @Test
    void aFlagThatCannotBeWrittenFaults() {
        vtd.memory.put(RID_ENTRY, 0x0000000010080289L);
        vtd.memory.readOnly(PTE);
        assertThat(translated(Access.READ)).isEqualTo(-0x7d);
    }

    @Test
    void ssadeIsReservedWithoutSsads() {
        TestVtd other = prepared(Behaviour.TYPICAL, TestVtd.with(ExtendedCapabilityRegister.SSADS, 0));
        other.memory.put(RID_ENTRY, 0x0000000010080289L);
        assertThat(translated(other, IOVA, Access.READ)).isEqualTo(-0x5a);
    }

    @ParameterizedTest(name = "0x{0} = 0x{1}: read {2}, write {3}")
    @CsvSource({
        "10083a28, 2abcde000, 79, 79", // nothing
        "10083a28, 2abcde001, 0, 85", // read-only
        "10083a28, 2abcde002, 86, 0", // write-only
        "10082488, 10083001, 0, 85", // a directory that allows no writes
        "10082488, 10083002, 86, 0",
        "10080000, 0, 79, 79",
        "10083a28, 800000000003, 7a, 7a", // beyond HAW
        "10083a28, 40000002abcde003, 7a, 7a", // bit 62
        "10082488, 10083803, 7a, 7a", // SNP in a table pointer
        "10080000, 10081083, 7a, 7a", // PS in a PML4E
        "10082488, 140001083, 7a, 7a", // bit 12 of a 2 MiB leaf
        "10082488, 8000003, 78, 78",
        "10031000, 8000089, 7b, 7b",
        "10083a28, fee00003, 87, 87"
    })
    void failsAsTheEntrySays(String address, String word, String read, String write) {
        vtd.memory.put(Long.parseLong(address, 16), Long.parseUnsignedLong(word, 16));
        long good = Integer.parseInt(read, 16) == 0 ? PA : -Integer.parseInt(read, 16);
        assertThat(translated(Access.READ)).isEqualTo(good);
        long goodWrite = Integer.parseInt(write, 16) == 0 ? PA : -Integer.parseInt(write, 16);
        assertThat(translated(Access.WRITE)).isEqualTo(goodWrite);
    }

    @Test
    void levelsThatTogetherAllowNothingAreNotPresent() {
        vtd.memory.put(PDE, 0x10083001L);
        vtd.memory.put(PTE, 0x2abcde002L);
        assertThat(translated(Access.READ)).isEqualTo(-0x79);
    }

    @Test
    void anAtomicNeedsBothRights() {
        vtd.memory.put(PTE, 0x2abcde002L);
        vtd.access(Pasid.NONE, Operation.FETCH_ADD, IOVA - 4, 0);
        assertThat(vtd.reason()).isEqualTo(0x86);
    }

    @Test
    void largeLeavesNeedSslps() {
        TestVtd small = prepared(Behaviour.TYPICAL, TestVtd.with(CapabilityRegister.SSLPS, 1));
        small.memory.put(PDPE, 0x0000000240000083L);
        assertThat(translated(small, IOVA, Access.READ)).isEqualTo(-0x7a);
    }

    @Test
    void anAddressBeyondTheWidthFaults() {
        assertThat(translated(vtd, 1L << 48, Access.READ)).isEqualTo(-0x84);
    }

    @Test
    void anAddressBeyondMgawFaults() {
        TestVtd narrow = prepared(Behaviour.TYPICAL, TestVtd.with(CapabilityRegister.MGAW, 38));
        assertThat(translated(narrow, 1L << 39, Access.READ)).isEqualTo(-0x84);
    }

    @Test
    void threeLevelsTranslate39Bits() {
        TestVtd narrow = prepared(Behaviour.TYPICAL, TestVtd.with(CapabilityRegister.SAGAW, 6));
        narrow.memory.put(RID_ENTRY, 0x0000000010081085L);
        assertThat(translated(narrow, IOVA, Access.READ)).isEqualTo(PA);
        assertThat(translated(narrow, 1L << 39, Access.READ)).isEqualTo(-0x84);
    }

    @Test
    void atsGrantsWhatIsLeft() {
        vtd.memory.put(PTE, 0x2abcde001L);
        Dma answer = vtd.translate(Pasid.NONE, IOVA, 0);
        assertThat(answer.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(answer.grantedRights()).isEqualTo(Rights.READ | Rights.USER);
    }

    @Test
    void atsGrantsWritingWithoutReading() {
        vtd.memory.put(PTE, 0x2abcde002L);
        assertThat(vtd.translate(Pasid.NONE, IOVA, 0).grantedRights()).isEqualTo(Rights.WRITE | Rights.USER);
    }

    @Test
    void atsIsAbortedByAReservedBit() {
        vtd.memory.put(PTE, 0x40000002abcde003L);
        assertThat(vtd.translate(Pasid.NONE, IOVA, 0).outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(vtd.reason()).isEqualTo(0x7a);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000004200f2 0000000012345000", "00000000004200e2 0", "0000000000420026 0"})
    void aTranslationIsDroppedBy(String words) {
        assertThat(survives(words)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000004200f2 0000000012346000", // another page
                "00000000004300e2 0", // another domain
                "0000000000420036 0000000012345000", // first-stage entries only
                "0000000100420026 0" // another PASID
            })
    void aTranslationIsKeptBy(String words) {
        assertThat(survives(words)).isTrue();
    }

    private static boolean survives(String words) {
        TestVtd keeps = prepared(
                new Behaviour(0, Behaviour.UNBOUNDED, Behaviour.UNBOUNDED, false, false, false, false),
                CapabilityRegisters.PRODUCT);
        assertThat(translated(keeps, IOVA, Access.READ)).isEqualTo(PA);
        keeps.memory.put(PTE, 0);
        String[] word = words.split(" ", -1);
        keeps.done(Long.parseUnsignedLong(word[0], 16), Long.parseUnsignedLong(word[1], 16));
        return translated(keeps, IOVA, Access.READ) == PA;
    }

    @Test
    void tablesAreCachedByDomainAndDroppedUnlessIh() {
        TestVtd keeps = prepared(
                new Behaviour(0, Behaviour.UNBOUNDED, Behaviour.UNBOUNDED, false, false, false, false),
                CapabilityRegisters.PRODUCT);
        translated(keeps, IOVA, Access.READ);
        keeps.memory.put(PDE, 0);
        keeps.done(0x00000000004200f2L, 0x12345040L);
        assertThat(translated(keeps, IOVA, Access.READ)).isEqualTo(PA);
        keeps.done(0x00000000004200f2L, 0x12345000L);
        assertThat(translated(keeps, IOVA, Access.READ)).isEqualTo(-0x79);
    }
}
