package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ASID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.BLOCK_2M_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.MISSING_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.MISSING_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.USER_RO;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.USER_RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.vendor.smmu.layout.CommandOpcode;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.Granule;
import dev.sva4j.vendor.smmu.layout.IdRegisters;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;
import dev.sva4j.vendor.smmu.layout.TlbiRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each TLBI removes and what it leaves (§3.17, §4.4), seen through the device port. */
class TlbInvalidationTest {
    private static final long GLOBAL_RW = USER_RW & ~(1L << 11);
    private static final long BLOCK_PTE = 0x81236D18L;
    private static final long L3_TABLE_PTE = 0x81236D10L;

    private final TestSmmu smmu = TestSmmu.running(Behaviour.TENACIOUS.withSeed(7));

    private boolean isCached(long address) {
        return smmu.reaches(address);
    }

    /** Caches the page and the block, then takes their descriptors away. */
    private void cacheAndUnmap(long pte) {
        smmu.memory.put(PAGE_PTE, pte);
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        assertThat(smmu.reaches(BLOCK_2M_VA)).isTrue();
        smmu.memory.put(PAGE_PTE, 0);
        smmu.memory.put(BLOCK_PTE, 0);
        assertThat(isCached(PAGE_VA)).isTrue();
        assertThat(isCached(BLOCK_2M_VA + 0x1f_f000L)).isTrue();
    }

    @ParameterizedTest(name = "{0}: page {3}, global page {4}, block {5}")
    @CsvSource({
        "NH_ALL,            0x10,               0,                  false, false, false",
        "NSNH_ALL,          0x30,               0,                  false, false, false",
        "NH_ASID,           0x002a000000000011, 0,                  false, true,  false",
        "NH_ASID of another, 0x002b000000000011, 0,                 true,  true,  true",
        "NH_VA of the page, 0x002a000000000012, 0x00007f1234567001, false, false, true",
        "NH_VA not leaf,    0x002a000000000012, 0x00007f1234567000, false, false, true",
        "NH_VA of a neighbour, 0x002a000000000012, 0x00007f1234566001, true, true, true",
        "NH_VA of another ASID, 0x002b000000000012, 0x00007f1234567001, true, false, true",
        "NH_VA in the block, 0x002a000000000012, 0x00007f12347ff001, true, true, false",
        "NH_VAA of the page, 0x13,              0x00007f1234567001, false, false, true",
        "NH_VAA in the block, 0x13,             0x00007f12347ff001, true, true, false",
        "range 1 page,      0x002a000000000012, 0x00007f1234567701, false, false, true",
        "range 67 pages before, 0x002a000000002012, 0x00007f1234500400, true, true, true",
        "range 2 pages onto it, 0x002a000000100012, 0x00007f1234566400, false, false, true",
        "range one 2 MiB leaf, 0x002a000000900012, 0x00007f1234600601, true, true, false",
        "range over both,   0x002a000000900012, 0x00007f1234500400, false, false, false",
        "range of everything, 0x002a000003f1f012, 0x400,            false, false, false",
    })
    void removesWhatTheCommandSays(
            String command, String word0, String word1, boolean page, boolean global, boolean block) {
        cacheAndUnmap(USER_RW);
        smmu.done(Long.decode(word0), Long.decode(word1));
        assertThat(isCached(PAGE_VA)).isEqualTo(page);
        assertThat(isCached(BLOCK_2M_VA)).isEqualTo(block);

        smmu.done(0x10, 0);
        smmu.memory.put(BLOCK_PTE, 0x00600000c0200f41L);
        cacheAndUnmap(GLOBAL_RW);
        smmu.done(Long.decode(word0), Long.decode(word1));
        assertThat(isCached(PAGE_VA)).as("global").isEqualTo(global);
    }

    @Test
    void aGlobalEntryServesOtherAsidsWithTheSameAsetOnly() {
        cacheAndUnmap(GLOBAL_RW);
        smmu.cd0(ContextDescriptor.ASID.put(CD0, 0x2b));
        smmu.done(0x0000123400000006L, 0);
        assertThat(isCached(PAGE_VA)).isTrue();
        assertThat(isCached(BLOCK_2M_VA)).as("not global").isFalse();
        smmu.cd0(ContextDescriptor.ASET.put(CD0, false));
        smmu.done(0x0000123400000006L, 0);
        assertThat(isCached(PAGE_VA)).isFalse();
        assertThat(isCached(BLOCK_2M_VA)).as("non-global look-ups ignore ASET").isTrue();
    }

    @Test
    void withoutRilTheFieldsOfARangeAreIgnored() {
        TestSmmu other = TestSmmu.running(Behaviour.TYPICAL, Ids.with(IdRegisters.IDR3_RIL, 0));
        assertThat(other.reaches(PAGE_VA)).isTrue();
        other.memory.put(PAGE_PTE, 0);
        other.done(0x002a000000100012L, 0x00007f1234566400L);
        assertThat(other.reaches(PAGE_VA)).as("only the first page").isTrue();
        other.done(0x002a000000100012L, 0x00007f1234567400L);
        assertThat(other.reaches(PAGE_VA)).isFalse();
    }

    @Test
    void aRangeIsOfThePagesOfItsGranule() {
        cacheAndUnmap(USER_RW);
        long word0 = TlbiRange.withGranules(TlbiCommands.nhVaWord0(0, ASID), 2);
        long word1 = TlbiRange.withHint(TlbiCommands.addressWord1(PAGE_VA - 0x4000, true), Granule.KIB_16, 0);
        smmu.done(word0, word1);
        assertThat(isCached(PAGE_VA)).isFalse();
    }

    @Test
    void aStalePermissionFaultsUntilItIsInvalidated() {
        smmu.memory.put(PAGE_PTE, USER_RO);
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        smmu.memory.put(PAGE_PTE, USER_RW);
        assertThat(smmu.write(PAGE_VA).outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        smmu.done(TlbiCommands.nhVaWord0(0, ASID), TlbiCommands.addressWord1(PAGE_VA, true));
        assertThat(smmu.write(PAGE_VA).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void aFaultIsNeverCached() {
        assertThat(smmu.reaches(MISSING_VA)).isFalse();
        smmu.memory.put(MISSING_PTE, USER_RW);
        assertThat(smmu.reaches(MISSING_VA)).isTrue();
    }

    @Test
    void aReplacedTableIsUsedUntilAnInvalidationThatIsNotForLeavesOnly() {
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        smmu.memory.put(L3_TABLE_PTE, 0x8300_0003L);
        smmu.memory.put(MISSING_PTE, USER_RW);
        assertThat(smmu.reaches(MISSING_VA)).as("through the old table").isTrue();
        smmu.done(TlbiCommands.nhVaWord0(0, ASID), TlbiCommands.addressWord1(MISSING_VA, true));
        assertThat(smmu.reaches(MISSING_VA)).as("through the old table").isTrue();
        smmu.done(TlbiCommands.nhVaWord0(0, ASID), TlbiCommands.addressWord1(MISSING_VA, false));
        assertThat(smmu.reaches(MISSING_VA)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"CMD_TLBI_NH_ALL", "CMD_TLBI_NH_ASID", "CMD_TLBI_NSNH_ALL"})
    void invalidationOfWholeContextsForgetsTablesToo(CommandOpcode opcode) {
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        smmu.memory.put(L3_TABLE_PTE, 0x8300_0003L);
        smmu.done(opcode.word0() | (long) ASID << 48, 0);
        assertThat(smmu.reaches(PAGE_VA)).isFalse();
    }

    @Test
    void speculationFillsTheNeighbourOfAPage() {
        smmu.memory.put(MISSING_PTE - 16, USER_RW);
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        smmu.memory.put(MISSING_PTE - 16, 0);
        assertThat(isCached(PAGE_VA - 0x1000)).isTrue();
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void aTypicalTlbSpeculatesNothing() {
        TestSmmu typical = TestSmmu.running();
        typical.memory.put(MISSING_PTE - 16, USER_RW);
        assertThat(typical.reaches(PAGE_VA)).isTrue();
        typical.memory.put(MISSING_PTE - 16, 0);
        assertThat(typical.reaches(PAGE_VA - 0x1000)).isFalse();
    }

    @Test
    void aTlbWithoutEntriesKeepsNothing() {
        TestSmmu forgetful = TestSmmu.running(Behaviour.FORGETFUL);
        assertThat(forgetful.reaches(PAGE_VA)).isTrue();
        forgetful.memory.put(PAGE_PTE, 0);
        assertThat(forgetful.reaches(PAGE_VA)).isFalse();
        forgetful.done(0x10, 0);
        forgetful.done(TlbiCommands.nhAsidWord0(0, ASID), 0);
        forgetful.done(TlbiCommands.nhVaWord0(0, ASID), TlbiCommands.addressWord1(PAGE_VA, false));
    }

    @Test
    void aTlbWithOneEntryKeepsTheLastPage() {
        TestSmmu small = TestSmmu.running(new Behaviour(0, 1, 1, false, false, false, false));
        assertThat(small.reaches(PAGE_VA)).isTrue();
        assertThat(small.reaches(BLOCK_2M_VA)).isTrue();
        small.memory.put(PAGE_PTE, 0);
        small.memory.put(BLOCK_PTE, 0);
        assertThat(small.reaches(BLOCK_2M_VA)).isTrue();
        assertThat(small.reaches(PAGE_VA)).isFalse();
    }
}
