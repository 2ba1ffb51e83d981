package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultResponseTest {

    @ParameterizedTest(name = "A={0} R={1} S={2}: {3}")
    @CsvSource({
        "0, 0, 1, STALL",
        "0, 1, 1, STALL",
        "1, 0, 1, STALL",
        "1, 1, 1, STALL",
        "1, 1, 0, ABORT_AND_RECORD",
        "1, 0, 0, ABORT_SILENTLY",
        "0, 1, 0, RAZ_WI_AND_RECORD",
        "0, 0, 0, RAZ_WI_SILENTLY",
    })
    void theThreeBitsOfAContextDescriptorDetermineTheResponse(int a, int r, int s, FaultResponse response) {
        long word0 = ContextDescriptor.A.encode(a) | ContextDescriptor.R.encode(r) | ContextDescriptor.S.encode(s);
        assertThat(FaultResponse.ofContextDescriptor(word0)).isEqualTo(response);
    }

    @Test
    void whatAResponseDoes() {
        assertThat(FaultResponse.values())
                .filteredOn(FaultResponse::records)
                .containsExactly(FaultResponse.STALL, FaultResponse.ABORT_AND_RECORD, FaultResponse.RAZ_WI_AND_RECORD);
        assertThat(FaultResponse.values())
                .filteredOn(FaultResponse::aborts)
                .containsExactly(FaultResponse.ABORT_AND_RECORD, FaultResponse.ABORT_SILENTLY);
        assertThat(FaultResponse.values()).filteredOn(FaultResponse::stalls).containsExactly(FaultResponse.STALL);
    }

    @Test
    void stage2TerminatesByAbort() {
        assertThat(FaultResponse.ofStage2(0)).isEqualTo(FaultResponse.ABORT_SILENTLY);
        assertThat(FaultResponse.ofStage2(StreamTableEntry.S2R.mask())).isEqualTo(FaultResponse.ABORT_AND_RECORD);
        assertThat(FaultResponse.ofStage2(StreamTableEntry.S2S.mask())).isEqualTo(FaultResponse.STALL);
    }

    @Test
    void aQuietDescriptorAbortsInSilence() {
        assertThat(FaultResponse.ofContextDescriptor(Entries.C4_QUIET.encode()[0]))
                .isEqualTo(FaultResponse.ABORT_SILENTLY);
    }
}
