package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_ATC_INV;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_CFGI_CD;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_CFGI_CD_ALL;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_CFGI_STE;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_CFGI_STE_RANGE;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_PREFETCH_ADDR;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_PREFETCH_CONFIG;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_PRI_RESP;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_RESUME;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_STALL_TERM;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_SYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Vectors of the sheet's §12.6, except TLB invalidation, which has its own class. */
class CommandVectorsTest {

    private static final long SID = 0x1234;
    private static final int SSID = 0xC05;
    private static final long VA = 0x7F12_3456_7000L;

    @Test
    void cfgiSteNamesOneStream() {
        assertCommand(
                Vector.of(CMD_CFGI_STE).with("StreamID", SID).with("Leaf", 1),
                ConfigurationCommands.cfgiSteWord0(SID),
                ConfigurationCommands.cfgiSteWord1(true),
                0x0000_1234_0000_0003L,
                1);
        assertThat(ConfigurationCommands.cfgiSteWord1(false)).isZero();
    }

    @Test
    void cfgiSteRangeNamesAnAlignedBlock() {
        long word0 = ConfigurationCommands.cfgiSteRangeWord0(0x1200);
        long word1 = ConfigurationCommands.cfgiSteRangeWord1(8);
        assertCommand(
                Vector.of(CMD_CFGI_STE_RANGE).with("StreamID", 0x1200).with("Range", 7),
                word0,
                word1,
                0x0000_1200_0000_0004L,
                7);
        assertThat(ConfigurationCommands.rangeCovers(word0, word1, 0x1200)).isTrue();
        assertThat(ConfigurationCommands.rangeCovers(word0, word1, 0x12FF)).isTrue();
        assertThat(ConfigurationCommands.rangeCovers(word0, word1, 0x1300)).isFalse();
        assertThat(ConfigurationCommands.rangeCovers(word0, word1, 0x11FF)).isFalse();
    }

    @Test
    void cfgiAllIsTheRangeOf31() {
        assertCommand(
                Vector.of(CMD_CFGI_STE_RANGE).with("Range", 31),
                ConfigurationCommands.cfgiAllWord0(),
                ConfigurationCommands.cfgiAllWord1(),
                0x4,
                0x1f);
        assertThat(ConfigurationCommands.rangeCovers(0x4, 0x1f, 0xffff_ffffL)).isTrue();
    }

    @Test
    void cfgiCdNamesADescriptorWithoutSsv() {
        Vector leaf = Vector.of(CMD_CFGI_CD)
                .with("SubstreamID", SSID)
                .with("StreamID", SID)
                .with("Leaf", 1);
        long word0 = ConfigurationCommands.cfgiCdWord0(SID, SSID);
        assertCommand(leaf, word0, ConfigurationCommands.cfgiCdWord1(true), 0x0000_1234_00c0_5005L, 1);
        assertCommand(leaf.with("Leaf", 0), word0, ConfigurationCommands.cfgiCdWord1(false), 0x0000_1234_00c0_5005L, 0);
    }

    @Test
    void cfgiCdAllNamesAStream() {
        assertCommand(
                Vector.of(CMD_CFGI_CD_ALL).with("StreamID", SID),
                ConfigurationCommands.cfgiCdAllWord0(SID),
                0,
                0x0000_1234_0000_0006L,
                0);
    }

    @Test
    void prefetchNamesAStreamAndPerhapsAnAddress() {
        assertCommand(
                Vector.of(CMD_PREFETCH_CONFIG)
                        .with("SSV", 1)
                        .with("SubstreamID", SSID)
                        .with("StreamID", SID),
                PrefetchCommands.prefetchConfigWord0(true, SSID, SID),
                0,
                0x0000_1234_00c0_5801L,
                0);
        assertCommand(
                Vector.of(CMD_PREFETCH_ADDR)
                        .with("StreamID", SID)
                        .with("Size", 3)
                        .with("Stride", 2)
                        .with("Address", VA),
                PrefetchCommands.prefetchAddrWord0(false, 0, SID),
                PrefetchCommands.prefetchAddrWord1(VA, 3, 2),
                0x0000_1234_0000_0002L,
                0x0000_7f12_3456_7043L);
    }

    @Test
    void atcInvCoversOnePage() {
        Vector page = atcInv().with("Address", VA);
        long word1 = AtsCommands.atcInvWord1(VA, 0x1000);
        assertCommand(page, atcInvWord0(false), word1, 0x0000_1234_00c0_5840L, 0x0000_7f12_3456_7000L);
        assertCommand(page.with("Global", 1), atcInvWord0(true), word1, 0x0000_1234_00c0_5a40L, 0x0000_7f12_3456_7000L);
    }

    @Test
    void atcInvOfAnAlignedRangeCoversExactlyThat() {
        assertCommand(
                atcInv().with("Address", 0x7F12_3440_0000L).with("Size", 9),
                atcInvWord0(false),
                AtsCommands.atcInvWord1(0x7F12_3440_0000L, 0x20_0000),
                0x0000_1234_00c0_5840L,
                0x0000_7f12_3440_0009L);
    }

    @Test
    void atcInvOfAnyRangeCoversTheSmallestBlockAroundIt() {
        long pages8to11 = AtsCommands.atcInvWord1(0x8000, 0x4000);
        assertCommand(
                atcInv().with("Address", 0x8000).with("Size", 2),
                atcInvWord0(false),
                pages8to11,
                0x0000_1234_00c0_5840L,
                0x8002);
        long pages7to10 = AtsCommands.atcInvWord1(0x7000, 0x4000);
        assertCommand(atcInv().with("Size", 4), atcInvWord0(false), pages7to10, 0x0000_1234_00c0_5840L, 4);
        assertThat(AtsCommands.covers(pages8to11, 0x7fff)).isFalse();
        assertThat(AtsCommands.covers(pages8to11, 0x8000)).isTrue();
        assertThat(AtsCommands.covers(pages8to11, 0xbfff)).isTrue();
        assertThat(AtsCommands.covers(pages8to11, 0xc000)).isFalse();
        assertThat(AtsCommands.covers(pages7to10, 0)).isTrue();
        assertThat(AtsCommands.covers(pages7to10, 0x1_0000)).isFalse();
    }

    @Test
    void atcInvOfEverythingHasSize52() {
        assertCommand(
                atcInv().with("Size", 52),
                atcInvWord0(false),
                AtsCommands.atcInvAllWord1(),
                0x0000_1234_00c0_5840L,
                0x34);
        assertCommand(
                Vector.of(CMD_ATC_INV).with("StreamID", SID).with("Size", 52),
                AtsCommands.atcInvWord0(false, 0, SID, false),
                AtsCommands.atcInvAllWord1(),
                0x0000_1234_0000_0040L,
                0x34);
        assertThat(AtsCommands.covers(0x34, -1)).isTrue();
        assertThat(AtsCommands.atcInvWord1(0x1000, -0x2000))
                .as("from 4 KiB to the last page but one")
                .isEqualTo(0x34);
        assertThatIllegalArgumentException().isThrownBy(() -> AtsCommands.atcInvWord1(VA, 0));
    }

    @Test
    void priRespAnswersAGroup() {
        Vector answer = Vector.of(CMD_PRI_RESP).with("StreamID", SID).with("PRGIndex", 0x1A);
        Vector withPasid = answer.with("SSV", 1).with("SubstreamID", SSID);
        assertCommand(
                withPasid.with("Resp", 2),
                AtsCommands.priRespWord0(true, SSID, SID),
                AtsCommands.priRespWord1(0x1A, PriResponse.SUCCESS),
                0x0000_1234_00c0_5841L,
                0x201a);
        assertCommand(
                withPasid.with("Resp", 1),
                AtsCommands.priRespWord0(true, SSID, SID),
                AtsCommands.priRespWord1(0x1A, PriResponse.INVALID_REQUEST),
                0x0000_1234_00c0_5841L,
                0x101a);
        assertCommand(
                answer,
                AtsCommands.priRespWord0(false, 0, SID),
                AtsCommands.priRespWord1(0x1A, PriResponse.RESPONSE_FAILURE),
                0x0000_1234_0000_0041L,
                0x1a);
    }

    @Test
    void everyPriResponseIsReadBackAndCode3IsNone() {
        assertThat(List.of(PriResponse.values()))
                .allSatisfy(response -> assertThat(PriResponse.of(AtsCommands.priRespWord1(1, response)))
                        .isEqualTo(response));
        assertThat(PriResponse.of(Command.RESP.encode(3))).isNull();
        assertThat(PriResponse.RESPONSE_FAILURE.pcieCode()).isEqualTo(15);
        assertThat(PriResponse.INVALID_REQUEST.pcieCode()).isEqualTo(1);
        assertThat(PriResponse.SUCCESS.pcieCode()).isZero();
    }

    @Test
    void resumeRetriesOrTerminates() {
        Vector razWi = Vector.of(CMD_RESUME).with("StreamID", SID).with("STAG", 0x55);
        long word1 = StallCommands.resumeWord1(0x55);
        assertCommand(razWi.with("Ac", 1), StallCommands.resumeRetryWord0(SID), word1, 0x0000_1234_0000_1044L, 0x55);
        assertCommand(razWi.with("Ab", 1), StallCommands.resumeAbortWord0(SID), word1, 0x0000_1234_0000_2044L, 0x55);
        assertCommand(razWi, StallCommands.resumeRazWiWord0(SID), word1, 0x0000_1234_0000_0044L, 0x55);
    }

    @Test
    void stallTermNamesAStream() {
        assertCommand(
                Vector.of(CMD_STALL_TERM).with("StreamID", SID),
                StallCommands.stallTermWord0(SID),
                0,
                0x0000_1234_0000_0045L,
                0);
    }

    @Test
    void syncEndsSilentlyOrWithAWakeUpOrWithAMessage() {
        Vector none = Vector.of(CMD_SYNC);
        Vector signal = none.with("MSH", 3).with("MSIAttr", 0xf);
        assertCommand(none, SyncCommand.noneWord0(), 0, 0x46, 0);
        assertCommand(signal.with("CS", 2), SyncCommand.sevWord0(), 0, 0x0fc0_2046, 0);
        assertCommand(
                signal.with("CS", 1).with("MSIAddress", 0x8020_0040L),
                SyncCommand.msiWord0(0),
                SyncCommand.msiWord1(0x8020_0040L),
                0x0fc0_1046,
                0x8020_0040L);
        assertThat(SyncCommand.msiWord0(-1)).isEqualTo(0xffff_ffff_0fc0_1046L);
    }

    @Test
    void anUnknownOpcodeIsNoCommand() {
        for (CommandOpcode opcode : CommandOpcode.values()) {
            assertThat(CommandOpcode.of(opcode.word0())).isEqualTo(opcode);
            assertThat(CommandOpcode.of(opcode.word0() | ~Command.OPCODE.mask()))
                    .isEqualTo(opcode);
        }
        assertThat(List.of(0x00L, 0x07L, 0x18L, 0x50L, 0x70L, 0xffL))
                .allSatisfy(code -> assertThat(CommandOpcode.of(code)).isNull());
    }

    @Test
    void aWrongArgumentIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfigurationCommands.cfgiCdWord0(SID, 1 << 20))
                .withMessage("CMD.SubstreamID q0[31:12]: value 0x100000 does not fit, the largest is 0xfffff");
        assertThatIllegalArgumentException().isThrownBy(() -> ConfigurationCommands.cfgiSteWord0(1L << 32));
    }

    private static Vector atcInv() {
        return Vector.of(CMD_ATC_INV).with("SSV", 1).with("SubstreamID", SSID).with("StreamID", SID);
    }

    private static long atcInvWord0(boolean global) {
        return AtsCommands.atcInvWord0(true, SSID, SID, global);
    }

    private static void assertCommand(Vector fields, long word0, long word1, long expected0, long expected1) {
        assertThat(word0).isEqualTo(expected0);
        assertThat(word1).isEqualTo(expected1);
        fields.is(expected0, expected1);
    }
}
