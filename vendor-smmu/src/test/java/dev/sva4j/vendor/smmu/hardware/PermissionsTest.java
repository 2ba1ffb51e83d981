package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.HAD0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.PAN;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.WXN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Transaction;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.IdRegisters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what with a page (DDI 0487 D8.4): tried with every kind of access. */
class PermissionsTest {
    private static final long PAGE = 0x000000008abcdf03L;
    private static final long PXN = 1L << 53;
    private static final long UXN = 1L << 54;
    private static final long L2_TABLE = 0x81236D10L;
    private static final long L0_TABLE = 0x812347F0L;

    private TestSmmu smmu = TestSmmu.running(Behaviour.FORGETFUL);

    /** What works: r, w, x of an unprivileged access, then of a privileged one. */
    private String allowed() {
        StringBuilder letters = new StringBuilder();
        for (int flags : new int[] {0, Transaction.PRIVILEGED}) {
            for (Operation operation : new Operation[] {Operation.READ, Operation.WRITE, Operation.EXECUTE}) {
                Dma dma = smmu.access(SSID, operation, PAGE_VA, flags);
                boolean works = dma.outcome() == CompletionStatus.SUCCESS;
                letters.append(
                        works
                                ? "rwx".charAt(operation == Operation.READ ? 0 : operation == Operation.WRITE ? 1 : 2)
                                : '-');
                if (!works) {
                    assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_PERMISSION);
                }
            }
        }
        return letters.toString();
    }

    private void page(int ap, boolean uxn, boolean pxn) {
        smmu.memory.put(PAGE_PTE, PAGE | (long) ap << 6 | (uxn ? UXN : 0) | (pxn ? PXN : 0));
    }

    @ParameterizedTest(name = "AP[2:1] {0} UXN {1} PXN {2}: {3}")
    @CsvSource({
        "0, false, false, --xrwx",
        "0, false, true,  --xrw-",
        "0, true,  false, ---rwx",
        "0, true,  true,  ---rw-",
        "1, false, false, rwxrw-",
        "1, true,  true,  rw-rw-",
        "2, false, false, --xr-x",
        "2, true,  true,  ---r--",
        "3, false, false, r-xr-x",
        "3, false, true,  r-xr--",
        "3, true,  false, r--r-x",
        "3, true,  true,  r--r--",
    })
    void aLeafAllowsWhatApAndXnSay(int ap, boolean uxn, boolean pxn, String expected) {
        page(ap, uxn, pxn);
        assertThat(allowed()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "AP[2:1] {0}: {1}")
    @CsvSource({"0, --xrw-", "1, rw-rw-", "2, --xr-x", "3, r-xr-x"})
    void withWxnWhatIsWritableIsNotExecutable(int ap, String expected) {
        smmu.cd0(WXN.put(CD0, true));
        page(ap, false, false);
        assertThat(allowed()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "AP[2:1] {0}: {1}")
    @CsvSource({"0, --xrwx", "1, rwx---", "2, --xr-x", "3, r-x--x"})
    void withPanPrivilegedDataAccessLeavesUserPagesAlone(int ap, String expected) {
        smmu.cd0(PAN.put(CD0, true));
        page(ap, false, false);
        assertThat(allowed()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "table bit {0}: {1}")
    @CsvSource({"59, rwxrw-", "60, rw-rw-", "61, --xrwx", "62, r-xr-x", "63, rwxrw-"})
    void aTableTakesAwayFromEverythingBelow(int bit, String expected) {
        page(1, false, false);
        smmu.memory.put(L2_TABLE, 0x81237003L | 1L << bit);
        assertThat(allowed()).isEqualTo(expected);
        smmu.memory.put(L2_TABLE, 0x81237003L);
        smmu.memory.put(L0_TABLE, 0x81235003L | 1L << bit);
        assertThat(allowed()).as("from the top as well").isEqualTo(expected);
    }

    @Test
    void pxnTableCountsWherePrivilegedExecutionWasAllowed() {
        page(3, false, false);
        smmu.memory.put(L2_TABLE, 0x81237003L | 1L << 59);
        assertThat(allowed()).isEqualTo("r-xr--");
    }

    @Test
    void withHadTablesTakeNothingAway() {
        smmu.cd(CD0, HAD0.put(TestSmmu.TTB0, true));
        page(1, false, false);
        smmu.memory.put(L2_TABLE, 0x81237003L | 15L << 59);
        assertThat(allowed()).isEqualTo("rwxrw-");
    }

    @Test
    void hadIsIgnoredWithoutTheFeature() {
        smmu = TestSmmu.running(Behaviour.FORGETFUL, Ids.with(IdRegisters.IDR3_HAD, 0));
        smmu.cd(CD0, HAD0.put(TestSmmu.TTB0, true));
        page(1, false, false);
        smmu.memory.put(L2_TABLE, 0x81237003L | 1L << 62);
        assertThat(allowed()).isEqualTo("r-xr-x");
    }

    @Test
    void anAtomicNeedsBothReadingAndWriting() {
        page(3, true, true);
        assertThat(smmu.access(SSID, Operation.FETCH_ADD, PAGE_VA, 0).outcome())
                .isEqualTo(CompletionStatus.COMPLETER_ABORT);
        page(1, true, true);
        assertThat(smmu.access(SSID, Operation.FETCH_ADD, PAGE_VA, 0).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void dbmMakesNothingWritableWithoutHardwareUpdate() {
        smmu.memory.put(PAGE_PTE, 0x006800008abcdfc3L);
        assertThat(allowed()).isEqualTo("r--r--");
    }

    @Test
    void theAccessFlagComesBeforePermissions() {
        smmu.memory.put(PAGE_PTE, 0x006000008abcdbc3L);
        smmu.write(PAGE_VA);
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_ACCESS);
    }

    @Test
    void theAddressSizeComesBeforeTheAccessFlag() {
        smmu.memory.put(PAGE_PTE, 0x0060100000000bc3L);
        smmu.write(PAGE_VA);
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_ADDR_SIZE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "type 01 at level 3, 0x81237B38, 0x006000008abcdf41",
        "block at level 0,   0x812347F0, 0x0060000140000fc1",
        "type 10,            0x81237B38, 0x006000008abcdf42",
        "invalid table,      0x81236D10, 0x0000000081237002",
    })
    void descriptorsOfNoKnownKindAreFTranslation(String what, String at, String descriptor) {
        smmu.memory.put(Long.decode(at), Long.decode(descriptor));
        smmu.read(PAGE_VA);
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_TRANSLATION);
    }

    @Test
    void aTableBeyondIpsIsFAddrSize() {
        smmu.memory.put(L2_TABLE, 0x0000100081237003L);
        smmu.read(PAGE_VA);
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_ADDR_SIZE);
    }

    @ParameterizedTest(name = "TG0 {0} level-1 block")
    @CsvSource({"1, 820000F8", "2, 82007F88"})
    void thereAreNoLevel1BlocksWithLargeGranules(int tg0, String at) {
        smmu.cd(CD0 | (long) tg0 << 6, 0x8200_0000L);
        smmu.memory.put(0x8200_0000L, 0x82004003L);
        smmu.memory.put(Long.parseLong(at, 16), 0x0060000140000f41L);
        smmu.read(0x7F123456789AL);
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_TRANSLATION);
    }
}
