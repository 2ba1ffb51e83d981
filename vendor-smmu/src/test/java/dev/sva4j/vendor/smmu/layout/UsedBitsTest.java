package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Update sequences of the sheet's §12.8: the number of syncs and whether the entry stays valid all along. */
class UsedBitsTest {

    private static final long[] ABORT = Entries.S1_ABORT.encode();
    private static final long[] BYPASS = Entries.S2_BYPASS.encode();
    private static final long[] CD_TABLE = Entries.S4_CD_TABLE.encode();
    private static final long[] CD_TABLE_S1DSS_BYPASS = Entries.S5_CD_TABLE_S1DSS_BYPASS.encode();
    private static final long[] STAGE2 = Entries.S7_STAGE2.encode();

    /** The stage 2 entry that can follow CD_TABLE: with the same EATS and S2VMID, which are live in both. */
    private static final long[] STAGE2_ATS =
            Entries.S7_STAGE2.with("EATS", 1).with("S2VMID", 0).encode();

    private static final long[] OTHER_TABLE =
            Entries.S5_CD_TABLE_S1DSS_BYPASS.with("S1ContextPtr", 0x8070_0000L).encode();

    private static final long[] ZERO = new long[8];
    private static final long[] LIVE = Entries.C1_SVA.encode();
    private static final long[] LIVE_STALLING = Entries.C1_SVA.with("S", 1).encode();
    private static final long[] OTHER_ASID = Entries.C1_SVA.with("ASID", 0x2B).encode();
    private static final long[] QUIET = Entries.C4_QUIET.encode();
    private static final long[] QUIET_STALL_FORCED = Entries.C5_QUIET_STALL_FORCED.encode();

    static Stream<Arguments> streamTableEntries() {
        return Stream.of(
                Arguments.of("bypass to abort", BYPASS, ABORT, 2),
                Arguments.of("abort to bypass", ABORT, BYPASS, 2),
                Arguments.of("CD table to abort", CD_TABLE, ABORT, 2),
                Arguments.of("abort to CD table", ABORT, CD_TABLE, 2),
                Arguments.of("CD table to bypass", CD_TABLE, BYPASS, 3),
                Arguments.of("bypass to CD table", BYPASS, CD_TABLE, 3),
                Arguments.of("S1DSS: CD 0 to bypass", CD_TABLE, CD_TABLE_S1DSS_BYPASS, 1),
                Arguments.of("S1DSS: bypass to CD 0", CD_TABLE_S1DSS_BYPASS, CD_TABLE, 1),
                Arguments.of("CD table with S1DSS bypass to bypass", CD_TABLE_S1DSS_BYPASS, BYPASS, 2),
                Arguments.of("bypass to CD table with S1DSS bypass", BYPASS, CD_TABLE_S1DSS_BYPASS, 2),
                Arguments.of("stage 2 to abort", STAGE2, ABORT, 2),
                Arguments.of("abort to stage 2", ABORT, STAGE2, 2),
                Arguments.of("stage 2 to bypass", STAGE2, BYPASS, 2),
                Arguments.of("bypass to stage 2", BYPASS, STAGE2, 2),
                Arguments.of("stage 1 to stage 2", CD_TABLE, STAGE2_ATS, 3),
                Arguments.of("stage 2 to stage 1", STAGE2_ATS, CD_TABLE, 3));
    }

    static Stream<Arguments> contextDescriptors() {
        return Stream.of(
                Arguments.of("zero to valid", ZERO, LIVE, 2),
                Arguments.of("valid to zero", LIVE, ZERO, 2),
                Arguments.of("another ASID", LIVE, OTHER_ASID, 1),
                Arguments.of("live to quiet", LIVE, QUIET, 2),
                Arguments.of("quiet to live", QUIET, LIVE, 2),
                Arguments.of("live to quiet, stall forced", LIVE_STALLING, QUIET_STALL_FORCED, 2),
                Arguments.of("quiet to zero", QUIET, ZERO, 2));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("streamTableEntries")
    void aStreamTableEntryChangesWithoutAMixBeingSeen(String name, long[] from, long[] to, int syncs) {
        assertHitless(HitlessUpdate.run(HitlessUpdate.Used::ste, from, to), from, to, syncs);
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("contextDescriptors")
    void aContextDescriptorChangesWithoutAMixBeingSeen(String name, long[] from, long[] to, int syncs) {
        assertHitless(HitlessUpdate.run(HitlessUpdate.Used::cd, from, to), from, to, syncs);
    }

    private static void assertHitless(HitlessUpdate update, long[] from, long[] to, int syncs) {
        assertThat(update.isHitless()).isTrue();
        assertThat(update.syncs()).isEqualTo(syncs);
        assertThat(update.result()).containsExactly(to);
        assertThat(update.everyObservedEntryIsOneOf(from, to)).isTrue();
    }

    @Test
    void theStoresComeInTheOrderThatTheSheetLists() {
        assertThat(ste(BYPASS, ABORT)).containsExactly("w0=1", "sync", "w1=0", "sync");
        assertThat(ste(ABORT, BYPASS)).containsExactly("w1=100000000000", "sync", "w0=9", "sync");
        assertThat(ste(ABORT, CD_TABLE)).containsExactly("w1=180000d6", "sync", "w0=a00000008050002b", "sync");
        assertThat(ste(CD_TABLE, BYPASS))
                .containsExactly("w1=1000180000d6", "sync", "w0=9", "sync", "w1=100000000000", "sync");
        assertThat(ste(BYPASS, CD_TABLE))
                .containsExactly("w1=1000180000d6", "sync", "w0=a00000008050002b", "sync", "w1=180000d6", "sync");
        assertThat(ste(CD_TABLE, CD_TABLE_S1DSS_BYPASS)).containsExactly("w1=1000180000d5", "sync");
        assertThat(cd(LIVE, OTHER_ASID)).containsExactly("w0=2be204c0003510", "sync");
    }

    @Test
    void aLiveProcessBecomesQuietByItsFirstWord() {
        assertThat(cd(LIVE, QUIET)).containsExactly("w0=2ac204c0004000", "sync", "w1=0", "sync");
        assertThat(cd(QUIET, LIVE)).containsExactly("w1=81234000", "sync", "w0=2ae204c0003510", "sync");
    }

    @Test
    void aNewTableAndANewS1dssTogetherBreak() {
        HitlessUpdate update = HitlessUpdate.run(HitlessUpdate.Used::ste, CD_TABLE, OTHER_TABLE);
        assertThat(update.isHitless()).isFalse();
        assertThat(update.steps())
                .containsExactly("w0=0", "sync", "w1=1000180000d5", "sync", "w0=a00000008070002b", "sync");
        assertThat(update.syncs()).isEqualTo(3);
    }

    @Test
    void stage2WithAnotherVmidBreaksBecauseStage1IsTaggedWithIt() {
        assertThat(HitlessUpdate.run(HitlessUpdate.Used::ste, CD_TABLE, STAGE2).isHitless())
                .isFalse();
    }

    @Test
    void anInvalidEntryUsesItsValidBitOnly() {
        for (int word = 0; word < 8; word++) {
            assertThat(UsedBits.ste(word, ~1L, -1L)).isEqualTo(word == 0 ? 1 : 0);
            assertThat(UsedBits.cd(word, ~ContextDescriptor.V.mask()))
                    .isEqualTo(word == 0 ? ContextDescriptor.V.mask() : 0);
        }
    }

    /** Config 1 to 3 abort like 0, although bit 0 or bit 1 is the one that means a stage when bit 2 is set. */
    @Test
    void everyAbortingEntryUsesNoPointer() {
        for (int config = 0; config < 4; config++) {
            long word0 = StreamTableEntry.V.encode(true) | StreamTableEntry.CONFIG.encode(config);
            assertThat(UsedBits.ste(0, word0, -1L)).isEqualTo(0xf);
            assertThat(UsedBits.ste(1, word0, -1L)).isEqualTo(StreamTableEntry.PPAR.mask());
            assertThat(UsedBits.ste(2, word0, -1L)).isZero();
            assertThat(UsedBits.ste(3, word0, -1L)).isZero();
        }
    }

    @Test
    void aBypassEntryUsesItsOverridesButNoStage() {
        long word0 = BYPASS[0];
        assertThat(UsedBits.ste(0, word0, 0)).isEqualTo(0xf);
        assertThat(UsedBits.ste(1, word0, 0))
                .isEqualTo(StreamTableEntry.DRE.mask()
                        | StreamTableEntry.CONT.mask()
                        | StreamTableEntry.DCP.mask()
                        | StreamTableEntry.PPAR.mask()
                        | StreamTableEntry.MEV.mask()
                        | StreamTableEntry.MEM_ATTR.mask()
                        | StreamTableEntry.MTCFG.mask()
                        | StreamTableEntry.ALLOCCFG.mask()
                        | StreamTableEntry.SHCFG.mask()
                        | StreamTableEntry.NSCFG.mask()
                        | StreamTableEntry.PRIVCFG.mask()
                        | StreamTableEntry.INSTCFG.mask());
        assertThat(UsedBits.ste(2, word0, 0)).isZero();
        assertThat(UsedBits.ste(3, word0, 0)).isZero();
    }

    @Test
    void onlySoftwaresOwnBitsAreUnusedByANestedEntry() {
        long word0 = Entries.S6_NESTED.encode()[0];
        for (int word = 0; word < 8; word++) {
            long declared = word < 4 ? ~StreamTableEntry.LAYOUT.reservedMask(word) : 0;
            long software = word == 1 ? StreamTableEntry.SW_RESERVED.mask() : 0;
            assertThat(UsedBits.ste(word, word0, 0)).as("word %d", word).isEqualTo(declared & ~software);
        }
    }

    @Test
    void aDescriptorWithOneHalfOffUsesTheOther() {
        long lowerOnly = LIVE[0];
        assertThat(UsedBits.cd(0, lowerOnly) & ContextDescriptor.T1SZ.mask()).isZero();
        assertThat(UsedBits.cd(0, lowerOnly) & ContextDescriptor.T0SZ.mask()).isEqualTo(ContextDescriptor.T0SZ.mask());
        assertThat(UsedBits.cd(1, lowerOnly)).isEqualTo(-1L);
        assertThat(UsedBits.cd(2, lowerOnly)).isEqualTo(~ContextDescriptor.TTB1.mask());
        assertThat(UsedBits.cd(3, lowerOnly)).isEqualTo(-1L);
        assertThat(UsedBits.cd(1, QUIET[0])).isEqualTo(~ContextDescriptor.TTB0.mask());
    }

    private static Iterable<String> ste(long[] from, long[] to) {
        return HitlessUpdate.run(HitlessUpdate.Used::ste, from, to).steps();
    }

    private static Iterable<String> cd(long[] from, long[] to) {
        return HitlessUpdate.run(HitlessUpdate.Used::cd, from, to).steps();
    }
}
