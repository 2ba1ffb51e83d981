package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.vendor.vtd.layout.Decoded.says;
import static dev.sva4j.vendor.vtd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.vendor.vtd.layout.FaultReason.Completion;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vector V12, and the table of fault conditions. */
class FaultVectorsTest {
    private static final int SID = 0x3A00;
    private static final int PASID = 0x12345;

    @ParameterizedTest
    @CsvSource({
        "SFS_2, READ, 0, false, c123457180003a00",
        "SGN_6, WRITE, 0, false, 8123458580003a00",
        "SGN_6, ATOMIC_OP, 0, false, c123458590003a00",
        "SPT_2, WRITE, 0, false, 8123455980003a00",
        "SCT_8, PAGE_REQUEST, 0, false, 8123454790003a00",
        "SPT_6, READ, 0, true, c123455da0003a00",
        "SCT_5, READ, 1, false, d123454480003a00",
    })
    void aRecordOfARequestWithPasid(FaultReason reason, RequestType type, int at, boolean privileged, String word1) {
        long expected = Long.parseUnsignedLong(word1, 16);
        assertThat(FaultRecord.word1(reason.code(), SID, type, at, PASID, privileged))
                .isEqualTo(expected);
        assertThat(FaultReason.of(expected)).isEqualTo(reason);
        assertThat(RequestType.of(expected)).isEqualTo(type);
    }

    @Test
    void aRecordOfARequestWithoutPasid() {
        assertThat(FaultRecord.word1(FaultReason.SCT_2.code(), SID, RequestType.READ, FaultRecord.AT_UNTRANSLATED))
                .isEqualTo(0xc000_0041_0000_3a00L);
        assertThat(FaultRecord.word0(0x1000)).isEqualTo(0x1000);
    }

    @Test
    void aRecordHoldsThePageOfTheRequest() {
        assertThat(FaultRecord.word0(0x7f12_3456_7abcL)).isEqualTo(0x7f12_3456_7000L);
    }

    @Test
    void aRecordIsDecoded() {
        says(
                FaultRecord.LAYOUT,
                words(0x7f12_3456_7000L, 0xd123_4544_8000_3a00L),
                "FI = 0x7f1234567000",
                "SID = 0x3a00",
                "PP = 1",
                "FR = 0x44",
                "PV = 0x12345",
                "AT = 1 (translation request)",
                "T1 = 1",
                "F = 1");
    }

    @Test
    void softwareFreesARecordThroughItsLastDword() {
        assertThat(FaultRecord.F_IN_LAST_DWORD << 32).isEqualTo(FaultRecord.F.mask());
        assertThat(FaultRecord.LAST_DWORD).isEqualTo(FaultRecord.LAYOUT.bytes() - Integer.BYTES);
    }

    @Test
    void fpdHidesNoFaultOfTheRootAndNoFailedFetchOfAnEntry() {
        Set<FaultReason> never = Stream.of(FaultReason.values())
                .filter(reason -> !reason.isQualified())
                .collect(Collectors.toSet());
        assertThat(never)
                .extracting(FaultReason::code)
                .containsExactlyInAnyOrder(
                        1, 8, 9, 0xA, 0x30, 0x31, 0x32, 0x33, 0x34, 0x38, 0x39, 0x3A, 0x40, 0x50, 0x58);
    }

    /** The recoverable conditions of the table, and the one that is recorded all the same. */
    @Test
    void atsFaultsThatADeviceCanAskPagesForAreNotRecorded() {
        assertThat(FaultReason.SFS_2.onTranslationRequest()).isEqualTo(Completion.NO_ACCESS);
        assertThat(FaultReason.SFS_2.isRecordedForTranslationRequest()).isFalse();
        assertThat(FaultReason.SGN_6.onTranslationRequest()).isEqualTo(Completion.LESS_ACCESS);
        assertThat(FaultReason.SPT_2.isRecordedForTranslationRequest()).isFalse();
        assertThat(FaultReason.SPT_3.isRecordedForTranslationRequest()).isTrue();
        assertThat(FaultReason.SCT_2.onTranslationRequest()).isEqualTo(Completion.UR);
        assertThat(FaultReason.SFS_10.isRecordedForTranslationRequest()).isTrue();
    }

    @Test
    void pageRequestsMeetNoPageTables() {
        assertThat(FaultReason.values())
                .allSatisfy(reason -> assertThat(reason.onPageRequest())
                        .as("%s", reason)
                        .isEqualTo(reason.code() >= 0x30
                                && reason.code() < 0x5C
                                && reason != FaultReason.RTA_2
                                && reason != FaultReason.RTA_5
                                && reason != FaultReason.SCT_5
                                && reason != FaultReason.SCT_10));
    }

    @Test
    void aReasonHasTheManualsName() {
        assertThat(FaultReason.SPT_2.label()).isEqualTo("SPT.2");
        assertThat(FaultReason.of(FaultRecord.FR.encode(0x82))).isNull();
    }
}
