package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.CONTEXT;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.DIRECTORY_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PDE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.ROOT_ENTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Table 30: what is wrong in a table of scalable mode, and the reason that an untranslated read has recorded. */
class FaultReasonsTest {
    /** An address in no memory that fits into HAW. */
    private static final long NOWHERE = 0x0800_0000L;

    private static long at(long entry, int word) {
        return entry + 8L * word;
    }

    static Stream<Arguments> tables() {
        return Stream.of(
                arguments("lower half of the root entry not present", ROOT_ENTRY, 0x10001000L, 0x39),
                arguments("reserved bit of the root entry", ROOT_ENTRY, 0x10001003L, 0x3a),
                arguments("context table beyond HAW", ROOT_ENTRY, 0x0000800010001001L, 0x3a),
                arguments("context table in no memory", ROOT_ENTRY, NOWHERE + 1, 0x40),
                arguments("context entry not present", CONTEXT, 0x10010e1cL, 0x41),
                arguments("reserved bit 7 of the context entry", CONTEXT, 0x10010e9dL, 0x42),
                arguments("EPTR, which is reserved without PTRS", CONTEXT, 0x10010e5dL, 0x42),
                arguments("PASID directory beyond HAW", CONTEXT, 0x0000800010010e1dL, 0x42),
                arguments("RID_PRIV, which is reserved without RPRIVS", at(CONTEXT, 1), 0x100000L, 0x42),
                arguments("reserved word 2 of the context entry", at(CONTEXT, 2), 1L, 0x42),
                arguments("PRE without DTE", CONTEXT, 0x10010e19L, 0x43),
                arguments("PASIDE clear", CONTEXT, 0x10010e15L, 0x45),
                arguments("PASID beyond PDTS", CONTEXT, 0x1001001dL, 0x46),
                arguments("PASID is RID_PASID", at(CONTEXT, 1), 0x12345L, 0x48),
                arguments("PASID directory in no memory", CONTEXT, NOWHERE + 0xe1d, 0x50),
                arguments("directory entry not present", DIRECTORY_ENTRY, 0x10030000L, 0x51),
                arguments("reserved bit of the directory entry", DIRECTORY_ENTRY, 0x10030005L, 0x52),
                arguments("PASID table beyond HAW", DIRECTORY_ENTRY, 0x0000800010030001L, 0x52),
                arguments("PASID table in no memory", DIRECTORY_ENTRY, NOWHERE + 1, 0x58),
                arguments("PASID entry not present", PASID_ENTRY, 0x48L, 0x59),
                arguments("reserved bit 5 of the PASID entry", PASID_ENTRY, 0x69L, 0x5a),
                arguments("CD, which is reserved without MTS", at(PASID_ENTRY, 1), 0x2800001L, 0x5a),
                arguments("PAT, which is reserved without MTS", at(PASID_ENTRY, 1), 0x100800001L, 0x5a),
                arguments("reserved bit 1 of word 2", at(PASID_ENTRY, 2), 0x10040002L, 0x5a),
                arguments("reserved word 7", at(PASID_ENTRY, 7), 1L, 0x5a),
                arguments("FSPTPTR beyond HAW", at(PASID_ENTRY, 2), 0x0000800010040000L, 0x5a),
                arguments("PGTT 0", PASID_ENTRY, 0x9L, 0x5b),
                arguments("PGTT nested, which the unit does not have", PASID_ENTRY, 0xc9L, 0x5b),
                arguments("5 levels, which the unit does not have", at(PASID_ENTRY, 2), 0x10040004L, 0x5b),
                arguments("second stage of a width that the unit does not have", PASID_ENTRY, 0x8dL, 0x5b),
                arguments("PML4 in no memory", at(PASID_ENTRY, 2), NOWHERE, 0x73),
                arguments("page table in no memory", PDE, NOWHERE + 7, 0x70),
                arguments("page in the interrupt range", PTE, 0xfee00007L, 0x87),
                arguments("A to be set, and the walk does not snoop", at(PASID_ENTRY, 1), 1L, 0x90));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("tables")
    void isReported(String what, long address, long word, int reason) {
        TestVtd vtd = TestVtd.running();
        vtd.memory.put(address, word);
        assertThat(vtd.read(PAGE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.reason()).isEqualTo(reason);
    }

    @Test
    void aRootTableInNoMemoryIsReported() {
        TestVtd vtd = TestVtd.running();
        vtd.write64(TestVtd.RTADDR, NOWHERE + 0x400);
        vtd.command(TestVtd.TE | TestVtd.QIE | TestVtd.SRTP);
        vtd.read(PAGE);
        assertThat(vtd.reason()).isEqualTo(0x38);
    }

    @Test
    void aFlagThatCannotBeWrittenIsReported() {
        TestVtd vtd = TestVtd.running();
        vtd.memory.readOnly(PTE);
        vtd.read(PAGE);
        assertThat(vtd.reason()).isEqualTo(0x91);
    }

    @Test
    void anUpdateIsNotNeededWhereTheFlagsAreSet() {
        TestVtd vtd = TestVtd.running();
        vtd.read(PAGE);
        vtd.done(0x0001234500010026L);
        vtd.memory.put(at(PASID_ENTRY, 1), 1);
        vtd.done(0x0001234500010017L);
        assertThat(vtd.reaches(PAGE)).isTrue();
    }

    @Test
    void aReservedModeIsReported() {
        assertThat(reasonInMode(0x800, CapabilityRegisters.PRODUCT)).isEqualTo(0x30);
    }

    @Test
    void abortModeWithoutAdmsIsReported() {
        assertThat(reasonInMode(0xc00, CapabilityRegisters.PRODUCT)).isEqualTo(0x30);
    }

    @Test
    void abortModeBlocksEverything() {
        assertThat(reasonInMode(0xc00, TestVtd.with(ExtendedCapabilityRegister.ADMS, 1)))
                .isEqualTo(0x33);
    }

    @Test
    void aPasidInLegacyModeIsReported() {
        assertThat(reasonInMode(0, CapabilityRegisters.PRODUCT)).isEqualTo(0x31);
    }

    private static int reasonInMode(int mode, CapabilityRegisters capabilities) {
        TestVtd vtd = TestVtd.running(capabilities);
        vtd.write64(TestVtd.RTADDR, TestVtd.ROOT + mode);
        vtd.command(TestVtd.TE | TestVtd.QIE | TestVtd.SRTP);
        assertThat(vtd.read(PAGE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        return vtd.reason();
    }

    @Test
    void anExecuteRequestIsRefused() {
        TestVtd vtd = TestVtd.running();
        vtd.access(PASID, Operation.EXECUTE, PAGE, 0);
        assertThat(vtd.fault()[1]).as("with EXE").isEqualTo(0xc1234534c0003a00L);
    }

    @Test
    void untilVersion7AnExecuteRequestIsRefusedAtThePasidEntry() {
        CapabilityRegisters product = CapabilityRegisters.PRODUCT;
        TestVtd vtd = TestVtd.running(
                new CapabilityRegisters(0x70, product.cap(), product.ecap(), product.hostAddressBits()));
        vtd.access(PASID, Operation.EXECUTE, PAGE, 0);
        assertThat(vtd.reason()).isEqualTo(0x5c);
    }

    @Test
    void aPasidWiderThanTheUnitIsReported() {
        TestVtd vtd = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.PSS, 15));
        vtd.read(PAGE);
        assertThat(vtd.reason()).isEqualTo(0x89);
    }

    @Test
    void theUpperHalfOfABusHasItsOwnContextTable() {
        TestVtd vtd = TestVtd.running();
        vtd.memory.put(0x10002060L, 0x10010e1dL, 0, 0, 0);
        assertThat(vtd.submit(Dma.read(0x3a83, PASID, PAGE, 4)).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        vtd.memory.put(ROOT_ENTRY + 8, 0x10002000L);
        vtd.submit(Dma.read(0x3a84, PASID, PAGE, 4));
        assertThat(vtd.reason()).isEqualTo(0x39);
    }

    @Test
    void ridPasidBeyondTheDirectoryIsReported() {
        TestVtd vtd = TestVtd.running();
        vtd.memory.put(CONTEXT, 0x1001001dL, 0x2000L);
        vtd.readUntagged(PAGE);
        assertThat(vtd.reason()).isEqualTo(0x43);
    }

    @Test
    void requestsWithoutPasidUseRidPasid() {
        TestVtd vtd = TestVtd.running();
        vtd.memory.put(CONTEXT + 8, PASID);
        assertThat(vtd.readUntagged(PAGE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void withoutRpsRequestsWithoutPasidUsePasid0() {
        TestVtd vtd = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.RPS, 0));
        vtd.memory.put(TestVtd.RID_ENTRY, 0x49L, 0x800002L, 0x10040000L);
        assertThat(vtd.readUntagged(PAGE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void passThroughLeadsToTheSameAddress() {
        TestVtd vtd = TestVtd.running();
        vtd.memory.put(TestVtd.RID_ENTRY, 0x109L, 0x800001L);
        vtd.memory.put(0x2000_0000L, 0x1122334455667788L);
        assertThat(vtd.readUntagged(0x2000_0000L).bytes).containsExactly(0x88, 0x77, 0x66, 0x55);
        vtd.readUntagged(1L << 46);
        assertThat(vtd.reason()).as("beyond HAW").isEqualTo(0x83);
    }

    @Test
    void firstStageIsRefusedByAUnitWithoutIt() {
        TestVtd vtd = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.FSTS, 0));
        vtd.read(PAGE);
        assertThat(vtd.reason()).as("FSPTPTR is reserved").isEqualTo(0x5a);
    }

    @Test
    void awOfAFirstStageEntryMeansNothing() {
        TestVtd vtd = TestVtd.running();
        vtd.memory.put(PASID_ENTRY, 0x41L);
        assertThat(vtd.reaches(PAGE)).isTrue();
    }

    @Test
    void mgawDoesNotLimitTheFirstStage() {
        TestVtd vtd = TestVtd.running(TestVtd.with(CapabilityRegister.MGAW, 38));
        assertThat(vtd.reaches(PAGE)).isTrue();
    }
}
