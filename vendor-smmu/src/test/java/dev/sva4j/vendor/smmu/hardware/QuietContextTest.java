package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ASID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0_QUIET;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0_STALL;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.L1CD;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.MISSING_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import dev.sva4j.vendor.smmu.layout.StallCommands;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The states of a context that is being silenced, row by row (reference §9; IHI 0070 §3.12, §5.4). */
class QuietContextTest {
    /** A row of the table: what the CD or STE says, and what client, event queue and translation request see. */
    enum Row {
        PAGE_MISSING(smmu -> {}, MISSING_VA, CompletionStatus.COMPLETER_ABORT, EventId.F_TRANSLATION, false),
        PAGE_MISSING_STALL(smmu -> smmu.cd0(CD0_STALL), MISSING_VA, null, EventId.F_TRANSLATION, true),
        QUIET(smmu -> smmu.cd0(CD0_QUIET), PAGE_VA, CompletionStatus.COMPLETER_ABORT, null, false),
        EPD0_WITH_R(
                smmu -> smmu.cd0(ContextDescriptor.R.put(CD0_QUIET, true)),
                PAGE_VA,
                CompletionStatus.COMPLETER_ABORT,
                EventId.F_TRANSLATION,
                false),
        EPD0_WITH_S(
                smmu -> smmu.cd0(ContextDescriptor.S.put(CD0_QUIET, true)), PAGE_VA, null, EventId.F_TRANSLATION, true),
        EPD0_RAZ_WI(
                smmu -> smmu.cd0(ContextDescriptor.A.put(CD0_QUIET, false)),
                PAGE_VA,
                CompletionStatus.SUCCESS,
                null,
                false),
        CD_INVALID(
                smmu -> smmu.cd0(ContextDescriptor.V.put(CD0_QUIET, false)),
                PAGE_VA,
                CompletionStatus.COMPLETER_ABORT,
                EventId.C_BAD_CD,
                false),
        L1CD_INVALID(
                smmu -> smmu.memory.put(L1CD, 0),
                PAGE_VA,
                CompletionStatus.COMPLETER_ABORT,
                EventId.C_BAD_SUBSTREAMID,
                false),
        SSID_BEYOND_TABLE(
                smmu -> smmu.ste(StreamTableEntry.S1CD_MAX.put(STE0, 11)),
                PAGE_VA,
                CompletionStatus.COMPLETER_ABORT,
                EventId.C_BAD_SUBSTREAMID,
                false),
        STE_INVALID(
                smmu -> smmu.ste(StreamTableEntry.V.put(STE0, false)),
                PAGE_VA,
                CompletionStatus.COMPLETER_ABORT,
                EventId.C_BAD_STE,
                false),
        STE_ABORT(
                smmu -> smmu.ste(StreamTableEntry.V.encode(true)),
                PAGE_VA,
                CompletionStatus.COMPLETER_ABORT,
                null,
                false);

        final java.util.function.Consumer<TestSmmu> tables;
        final long address;
        final CompletionStatus client;
        final EventId event;
        final boolean stalled;

        Row(
                java.util.function.Consumer<TestSmmu> tables,
                long address,
                CompletionStatus client,
                EventId event,
                boolean stalled) {
            this.tables = tables;
            this.address = address;
            this.client = client;
            this.event = event;
            this.stalled = stalled;
        }

        CompletionStatus translationRequest() {
            return switch (this) {
                case CD_INVALID, L1CD_INVALID, SSID_BEYOND_TABLE, STE_INVALID -> CompletionStatus.COMPLETER_ABORT;
                case STE_ABORT -> CompletionStatus.UNSUPPORTED_REQUEST;
                default -> CompletionStatus.SUCCESS;
            };
        }
    }

    private final TestSmmu smmu = TestSmmu.running();

    @ParameterizedTest
    @EnumSource
    void aClientSeesWhatTheRowSaysEveryTime(Row row) {
        row.tables.accept(smmu);
        for (int i = 0; i < 3; i++) {
            Dma dma = Dma.read(SID, SSID, row.address, 8);
            Arrays.fill(dma.bytes, (byte) -1);
            assertThat(smmu.submit(dma).outcome()).isEqualTo(row.client);
            if (row.event == null) {
                assertThat(smmu.takeEvents()).isEmpty();
            } else {
                long[] event = smmu.event();
                assertThat(EventId.of(event[0])).isEqualTo(row.event);
                assertThat(EventRecord.STALL.isSet(event[1])).isEqualTo(row.stalled);
            }
            if (row == Row.EPD0_RAZ_WI) {
                assertThat(dma.bytes).containsOnly(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTranslationRequestIsAnsweredAsTheRowSaysAndRecordsNothing(Row row) {
        row.tables.accept(smmu);
        Dma request = smmu.submit(Dma.translationRequest(SID, SSID, row.address, 0));
        assertThat(request.outcome()).isEqualTo(row.translationRequest());
        assertThat(request.grantedRights()).isZero();
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void epd0BlocksWalksButNotHits() {
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        smmu.cd0(CD0_QUIET);
        smmu.done(ConfigurationCommands.cfgiCdWord0(SID, SSID), ConfigurationCommands.cfgiCdWord1(true));
        assertThat(smmu.reaches(PAGE_VA)).as("until TLBI").isTrue();
        smmu.done(TlbiCommands.nhAsidWord0(0, ASID), 0);
        assertThat(smmu.reaches(PAGE_VA)).isFalse();
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void aStallFromBeforeEndsInSilenceWhenItIsRetried() {
        smmu.cd0(CD0_STALL);
        Dma dma = smmu.read(MISSING_VA);
        int stag = (int) EventRecord.STAG.get(smmu.event()[1]);
        smmu.cd0(CD0_QUIET);
        smmu.done(ConfigurationCommands.cfgiCdWord0(SID, SSID), ConfigurationCommands.cfgiCdWord1(true));
        assertThat(dma.outcome()).isNull();
        smmu.done(StallCommands.resumeRetryWord0(SID), StallCommands.resumeWord1(stag));
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void quietAndLiveAreOneStoreApartAndNeitherPassesThroughAnError() {
        smmu.cd0(CD0_QUIET);
        assertThat(smmu.reaches(PAGE_VA)).isFalse();
        smmu.cd0(CD0);
        smmu.done(ConfigurationCommands.cfgiCdWord0(SID, SSID), ConfigurationCommands.cfgiCdWord1(true));
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        assertThat(smmu.takeEvents()).isEmpty();
    }
}
