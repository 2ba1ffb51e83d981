package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ALL_ON;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ATSCHK;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.BLOCK_1G_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.BLOCK_2M_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.MISSING_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.NOT_ACCESSED_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SMMUEN;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE1;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.TOO_BIG_VA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.testing.Dma;
import dev.sva4j.testing.FakeHardwareHost;
import dev.sva4j.vendor.smmu.layout.AtsCommands;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PCIe ATS: requests, translated transactions and ATC invalidation (§3.9, reference §7). */
class AtsTest {
    private final TestSmmu smmu = TestSmmu.running();

    private Dma ask(int pasid, long address, int flags) {
        return smmu.submit(Dma.translationRequest(SID, pasid, address, flags));
    }

    private void assertRefused(Dma request, CompletionStatus status, EventId event) {
        assertThat(request.outcome()).isEqualTo(status);
        if (event == null) {
            assertThat(smmu.takeEvents()).isEmpty();
        } else {
            assertThat(EventId.of(smmu.event()[0])).isEqualTo(event);
        }
    }

    @Nested
    class TranslationRequests {
        @Test
        void whileDisabledTheyAreUnsupportedAndRecorded() {
            smmu.cr0(ALL_ON & ~SMMUEN);
            assertRefused(ask(SSID, PAGE_VA, 0), CompletionStatus.UNSUPPORTED_REQUEST, EventId.F_BAD_ATS_TREQ);
        }

        @Test
        void ofABypassStreamTheyAreUnsupportedAndRecorded() {
            smmu.ste(9, 0x0000100000000000L);
            assertRefused(ask(Pasid.NONE, PAGE_VA, 0), CompletionStatus.UNSUPPORTED_REQUEST, EventId.F_BAD_ATS_TREQ);
        }

        @ParameterizedTest(name = "EATS = {0}")
        @CsvSource({"0", "3"})
        void ofAStreamWithoutAtsTheyAreUnsupportedAndRecorded(int eats) {
            smmu.ste(STE0, StreamTableEntry.EATS.put(STE1, eats));
            assertRefused(ask(SSID, PAGE_VA, 0), CompletionStatus.UNSUPPORTED_REQUEST, EventId.F_BAD_ATS_TREQ);
        }

        @Test
        void ofAnAbortStreamTheyAreUnsupportedInSilence() {
            smmu.ste(1, 0);
            assertRefused(ask(SSID, PAGE_VA, 0), CompletionStatus.UNSUPPORTED_REQUEST, null);
        }

        @Test
        void withBadConfigurationTheyAbortInSilence() {
            assertRefused(
                    smmu.submit(Dma.translationRequest(0x10001, SSID, PAGE_VA, 0)),
                    CompletionStatus.COMPLETER_ABORT,
                    null);
            assertRefused(ask(0, PAGE_VA, 0), CompletionStatus.COMPLETER_ABORT, null);
            assertRefused(ask((1 << 20) - 1, PAGE_VA, 0), CompletionStatus.COMPLETER_ABORT, null);
            smmu.memory.hole(0x81236D10L, 8);
            assertRefused(ask(SSID, PAGE_VA, 0), CompletionStatus.COMPLETER_ABORT, null);
        }

        @Test
        void whoseStructuresCannotBeReadAbortInSilence() {
            smmu.memory.hole(TestSmmu.CD, 64);
            assertRefused(ask(SSID, PAGE_VA, 0), CompletionStatus.COMPLETER_ABORT, null);
            smmu.memory.hole(TestSmmu.STE, 64);
            smmu.done(0x0000123400000003L, 1);
            assertRefused(ask(SSID, PAGE_VA, 0), CompletionStatus.COMPLETER_ABORT, null);
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource({"F_TRANSLATION, 0x7F1234568000", "F_ADDR_SIZE, 0x7F1234569000", "F_ACCESS, 0x7F123456A000"})
        void thatFaultSucceedWithoutRights(String fault, String address) {
            Dma request = ask(SSID, Long.decode(address), 0);
            assertRefused(request, CompletionStatus.SUCCESS, null);
            assertThat(request.grantedRights()).isZero();
            assertThat(request.translatedAddress()).isZero();
            assertThat(request.translatedShift()).isEqualTo(12);
        }

        @Test
        void getThePageWithTheRightsOfItsUser() {
            Dma request = ask(SSID, PAGE_VA + 0x123, 0);
            assertRefused(request, CompletionStatus.SUCCESS, null);
            assertThat(request.translatedAddress()).isEqualTo(0x8ABCD000L);
            assertThat(request.translatedShift()).isEqualTo(12);
            assertThat(request.grantedRights()).isEqualTo(Rights.READ | Rights.WRITE | Rights.USER);
        }

        @Test
        void getBlocksWhole() {
            Dma two = ask(SSID, BLOCK_2M_VA + 0x12345, 0);
            assertThat(two.translatedAddress()).isEqualTo(0xC0200000L);
            assertThat(two.translatedShift()).isEqualTo(21);
            Dma one = ask(SSID, BLOCK_1G_VA + 0x10, 0);
            assertThat(one.translatedAddress()).isEqualTo(0x140000000L);
            assertThat(one.translatedShift()).isEqualTo(30);
            assertThat(one.grantedRights()).as("read-only").isEqualTo(Rights.READ | Rights.USER);
        }

        @Test
        void getExecutionOnlyIfTheyAskAndHaveAPasid() {
            smmu.memory.put(PAGE_PTE, 0x002000008abcdfc3L);
            assertThat(ask(SSID, PAGE_VA, 0).grantedRights()).isEqualTo(Rights.READ | Rights.USER);
            assertThat(ask(SSID, PAGE_VA, Transaction.EXECUTE_REQUESTED).grantedRights())
                    .isEqualTo(Rights.READ | Rights.EXECUTE | Rights.USER);
        }

        @Test
        void onAPrivilegedPageGetNothingAsUserAndEverythingAsSupervisor() {
            smmu.memory.put(PAGE_PTE, 0x006000008abcd703L);
            Dma user = ask(SSID, PAGE_VA, 0);
            assertThat(user.outcome()).isEqualTo(CompletionStatus.SUCCESS);
            assertThat(user.grantedRights()).isZero();
            assertThat(ask(SSID, PAGE_VA, Transaction.PRIVILEGED).grantedRights())
                    .isEqualTo(Rights.READ | Rights.WRITE);
            assertThat(smmu.takeEvents()).isEmpty();
        }

        @Test
        void forAnExecuteOnlyPageGetNothing() {
            smmu.memory.put(PAGE_PTE, 0x002000008abcdf83L);
            assertThat(ask(SSID, PAGE_VA, Transaction.EXECUTE_REQUESTED).grantedRights())
                    .isZero();
        }

        @Test
        void withS1dssBypassGetTheIdentity() {
            smmu.ste(STE0, StreamTableEntry.S1DSS.put(STE1, 1));
            Dma request = ask(Pasid.NONE, 0x1234_5678L, 0);
            assertThat(request.translatedAddress()).isEqualTo(0x1234_5000L);
            assertThat(request.grantedRights()).isEqualTo(Rights.READ | Rights.WRITE | Rights.USER);
        }

        @Test
        void withS1dssTerminateAbortInSilence() {
            smmu.ste(STE0, StreamTableEntry.S1DSS.put(STE1, 0));
            assertRefused(ask(Pasid.NONE, PAGE_VA, 0), CompletionStatus.COMPLETER_ABORT, null);
        }

        @Test
        void doNotStall() {
            smmu.cd0(TestSmmu.CD0_STALL);
            for (long address : new long[] {MISSING_VA, TOO_BIG_VA, NOT_ACCESSED_VA}) {
                assertRefused(ask(SSID, address, 0), CompletionStatus.SUCCESS, null);
            }
        }
    }

    @Nested
    class TranslatedTransactions {
        private Dma read(long address) {
            return smmu.submit(Dma.translated(SID, SSID, Operation.READ, address, 8));
        }

        @Test
        void passUncheckedWithoutAtschk() {
            smmu.ste(0);
            smmu.memory.put(0x8ABC_D000L, 0x55);
            Dma dma = read(0x8ABC_D000L);
            assertRefused(dma, CompletionStatus.SUCCESS, null);
            assertThat(dma.bytes).startsWith(0x55);
        }

        @Test
        void withAtschkPassForAStreamWithAts() {
            smmu.cr0(ALL_ON | ATSCHK);
            assertRefused(read(0x8ABC_D000L), CompletionStatus.SUCCESS, null);
        }

        @Test
        void withAtschkAreForbiddenForAStreamWithoutAts() {
            smmu.cr0(ALL_ON | ATSCHK);
            smmu.ste(STE0, StreamTableEntry.EATS.put(STE1, 0));
            assertRefused(read(0x8ABC_D000L), CompletionStatus.COMPLETER_ABORT, EventId.F_TRANSL_FORBIDDEN);
        }

        @Test
        void withAtschkAreForbiddenForABypassStream() {
            smmu.cr0(ALL_ON | ATSCHK);
            smmu.ste(9, 0x0000100000000000L);
            assertRefused(read(0x8ABC_D000L), CompletionStatus.COMPLETER_ABORT, EventId.F_TRANSL_FORBIDDEN);
        }

        @ParameterizedTest(name = "STE word 0 = {0}")
        @CsvSource({"0", "1"})
        void withAtschkAbortInSilenceForABadOrAbortStream(long word0) {
            smmu.cr0(ALL_ON | ATSCHK);
            smmu.ste(word0, 0);
            assertRefused(read(0x8ABC_D000L), CompletionStatus.COMPLETER_ABORT, null);
        }

        @Test
        void whileDisabledAreForbidden() {
            smmu.cr0(ALL_ON & ~SMMUEN);
            assertRefused(read(0x8ABC_D000L), CompletionStatus.COMPLETER_ABORT, EventId.F_TRANSL_FORBIDDEN);
        }

        @Test
        void beyondTheOutputSizeAbort() {
            assertRefused(read(1L << 44), CompletionStatus.COMPLETER_ABORT, null);
        }
    }

    @Nested
    class Invalidation {
        @ParameterizedTest(name = "{0} {1} -> pasid {2} address {3} log2 {4} global {5}")
        @CsvSource({
            "0x0000123400c05840, 0x00007f1234567000, 0xC05, 0x7f1234567000, 12, false",
            "0x0000123400c05a40, 0x00007f1234567000, 0xC05, 0x7f1234567000, 12, true",
            "0x0000123400c05840, 0x00007f1234400009, 0xC05, 0x7f1234400000, 21, false",
            "0x0000123400c05840, 0x00007f1234567009, 0xC05, 0x7f1234400000, 21, false",
            "0x0000123400c05840, 0x8002,             0xC05, 0x8000,         14, false",
            "0x0000123400c05840, 0x4,                0xC05, 0,              16, false",
            "0x0000123400c05840, 0x34,               0xC05, 0,              64, false",
            "0x0000123400000040, 0x34,               -1,    0,              64, false",
            "0x0000123400000240, 0x34,               -1,    0,              64, false",
        })
        void goesToTheFunctionAsTheCommandSays(
                String word0, String word1, String pasid, String address, int log2Bytes, boolean global) {
            smmu.command(Long.decode(word0), Long.decode(word1));
            FakeHardwareHost.Invalidation sent = smmu.host.invalidations.remove();
            assertThat(sent)
                    .isEqualTo(new FakeHardwareHost.Invalidation(
                            SID, Integer.decode(pasid), Long.decode(address), log2Bytes, global, sent.tag()));
        }

        @Test
        void isIgnoredWhileTheSmmuIsDisabled() {
            smmu.cr0(ALL_ON & ~SMMUEN);
            smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
            assertThat(smmu.host.invalidations).isEmpty();
            assertThat(smmu.sync()).isTrue();
        }

        @Test
        void hasATagOfItsOwn() {
            smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
            smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
            assertThat(smmu.host.invalidations)
                    .extracting(FakeHardwareHost.Invalidation::tag)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void withoutAtsItIsNotCarried() {
        TestSmmu qemu = TestSmmu.running(Behaviour.TYPICAL, Ids.QEMU);
        assertThat(qemu.hardware.carries()).containsExactlyInAnyOrder(TransactionKind.UNTAGGED, TransactionKind.ATOMIC);
        assertThat(smmu.hardware.carries()).containsExactlyInAnyOrder(TransactionKind.values());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> qemu.submit(Dma.translationRequest(SID, Pasid.NONE, PAGE_VA, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> qemu.submit(Dma.read(SID, SSID, PAGE_VA, 8)));
    }
}
