package dev.sva4j.vendor.smmu.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of STEs and CDs against the vectors of the sheet, §12.1 to §12.3, with our table addresses. */
final class EntryBytesTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;
    private static final long MAIR = 0x0000_0004_0044_FFFFL;

    private final Fixture fixture = new Fixture();
    private final SmmuDriver driver = fixture.driver;

    @Test
    void streamsThatNobodyAttachedAbort() {
        fixture.attach();

        assertThat(fixture.ste(SID + 1)).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void aFunctionWithManyPasidsHasA64KTwoLevelTable() {
        fixture.attach();
        driver.setAts(SID, true);
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));

        long[] ste = fixture.ste(SID);
        assertThat(ste[0] & ~0x00ff_ffff_ffff_ffc0L).isEqualTo(0xa000_0000_0000_002bL);
        assertThat(ste[1]).isEqualTo(0x1800_00d6L); // S4
        assertThat(ste).endsWith(0, 0, 0, 0, 0, 0);
    }

    @Test
    void aStallingDeviceWithFewPasidsHasALinearTableAndMayStall() {
        fixture.start();
        driver.attachDevice(Fixture.stalling(SID));
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));

        long[] ste = fixture.ste(SID);
        assertThat(ste[0] & ~0x00ff_ffff_ffff_ffc0L).isEqualTo(0x3000_0000_0000_000bL); // S3
        assertThat(ste[1]).isEqualTo(0xd6);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "6, 0", "7, 1", "15, 1", "16, 2", "20, 2"})
    void theShapeOfTheTableFollowsTheNumberOfPasids(int pasidBits, int format) {
        fixture.start();
        driver.attachDevice(new DeviceAttachment(SID, pasidBits, false, false, false));

        long[] ste = fixture.ste(SID);
        assertThat(ste[0] >>> 59).isEqualTo(pasidBits);
        assertThat(ste[0] >> 4 & 3).isEqualTo(format);
        assertThat(fixture.host.frames.allocatedBytes()).isLessThan(256 * 1024);
    }

    @Test
    void withoutTwoLevelTablesEveryTableIsLinear() {
        fixture.smmu.set(0x00, ScriptedSmmu.IDR0 & ~(1L << 19));
        fixture.start();

        driver.attachDevice(new DeviceAttachment(SID, 10, false, false, false));

        assertThat(fixture.ste(SID)[0] >> 4 & 3).isZero();
    }

    @Test
    void untaggedTrafficIsBlockedAtFirstAndS1dssSaysHowItIsTreated() {
        fixture.attach();
        assertThat(fixture.ste(SID)[1]).isEqualTo(0x0800_00d4L);

        driver.setUntagged(SID, UntaggedTraffic.IDENTITY);
        assertThat(fixture.ste(SID)[1]).isEqualTo(0x1000_0800_00d5L); // S5 without EATS

        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        assertThat(fixture.ste(SID)[1]).isEqualTo(0x0800_00d6L);
        assertThat(fixture.cd(SID, 0)[1]).isEqualTo(Fixture.ROOT);

        driver.setUntagged(SID, UntaggedTraffic.BLOCKED);
        assertThat(fixture.ste(SID)[1]).isEqualTo(0x0800_00d4L);
        assertThat(fixture.cd(SID, 0)).containsOnly(0);
    }

    @Test
    void withoutPasidsIdentityIsBypassAndTranslationASingleCd() {
        fixture.start();
        driver.attachDevice(new DeviceAttachment(SID, 0, false, false, false));
        long blocked = fixture.ste(SID)[0];
        assertThat(blocked & ~0x00ff_ffff_ffff_ffc0L).isEqualTo(0xb);

        driver.setUntagged(SID, UntaggedTraffic.IDENTITY);
        assertThat(fixture.ste(SID)).containsExactly(9, 0x1000_0000_0000L, 0, 0, 0, 0, 0, 0); // S2

        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        assertThat(fixture.ste(SID)[0]).isEqualTo(blocked);
        assertThat(fixture.cd(SID, 0)[1]).isEqualTo(Fixture.ROOT);
    }

    @Test
    void withoutAStallModelS1stalldStaysZero() {
        fixture.smmu.set(0x00, ScriptedSmmu.IDR0 | 1 << 24 | 1 << 26);
        fixture.attach();

        assertThat(fixture.ste(SID)[1] & 1 << 27).isZero();
    }

    @Test
    void detachAbortsAgainAndFreesTheTable() {
        fixture.start();
        driver.attachDevice(Fixture.function(SID + 1)); // has the second-level table allocated
        long before = fixture.host.frames.allocatedBytes();
        driver.attachDevice(Fixture.function(SID));
        TranslationContext context = fixture.context();
        driver.setPasid(SID, PASID, context, false);
        driver.clearPasid(SID, PASID);

        driver.detachDevice(SID);

        assertThat(fixture.ste(SID)).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
        assertThat(fixture.host.frames.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void aLiveCdIsWhatLinuxProgramsForAProcess() {
        fixture.bound();

        assertThat(fixture.cd(SID, PASID))
                .containsExactly(0x0001_e204_c000_3510L, Fixture.ROOT, 0, MAIR, 0, 0, 0, 0); // C1, ASID 1
    }

    @Test
    void aCdThatMayStallDiffersInS() {
        fixture.start();
        driver.attachDevice(Fixture.stalling(SID));
        driver.setPasid(SID, 5, fixture.context(), true);

        assertThat(fixture.cd(SID, 5)[0]).isEqualTo(0x0001_f204_c000_3510L); // C2
    }

    @Test
    void aQuietCdHasAnAsidUnderWhichAnotherDeviceOfTheProcessFillsNothing() {
        fixture.bound();

        driver.quiescePasid(SID, PASID);

        assertThat(fixture.cd(SID, PASID)).containsExactly(0xc204_c000_4000L, 0, 0, MAIR, 0, 0, 0, 0); // C4, ASID 0
    }

    @Test
    void whereStallsAreForcedEvenAQuietCdStalls() {
        fixture.smmu.set(0x00, ScriptedSmmu.IDR0 | 2 << 24);
        fixture.bound();
        assertThat(fixture.cd(SID, PASID)[0]).isEqualTo(0x0001_f204_c000_3510L);

        driver.quiescePasid(SID, PASID);

        assertThat(fixture.cd(SID, PASID)[0]).isEqualTo(0xf204_c000_4000L); // C5, ASID 0
    }

    @Test
    void aClearedCdIsZero() {
        fixture.bound();

        driver.clearPasid(SID, PASID);

        assertThat(fixture.cd(SID, PASID)).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_4K, 3510", "SIZE_64K, 3550", "SIZE_16K, 3590"})
    void theGranuleIsThatOfTheTables(Vmsav8_64.Granule granule, String low) {
        fixture.smmu.set(0x14, ScriptedSmmu.IDR5 & ~7L | 5);
        fixture.attach();
        TranslationContext context = driver.openContext(new Vmsav8_64(granule, 16, 48, 0, false), 0x8130_0000L);

        driver.setPasid(SID, 1, context, false);

        assertThat(fixture.cd(SID, 1)[0]).isEqualTo(0x0001_e205_c000_0000L | Long.parseLong(low, 16)); // C7
    }

    @Test
    void hardwareManagesDirtyStateIfTheTablesAreWrittenForIt() {
        fixture.smmu.set(0x14, ScriptedSmmu.IDR5);
        fixture.attach();
        TranslationContext context =
                driver.openContext(new Vmsav8_64(Vmsav8_64.Granule.SIZE_4K, 16, 48, 0, true), 0x8130_0000L);

        driver.setPasid(SID, 1, context, false);
        assertThat(fixture.cd(SID, 1)[0]).isEqualTo(0x0001_ee04_c000_3510L); // C6

        driver.quiescePasid(SID, 1);
        assertThat(fixture.cd(SID, 1)[0]).isEqualTo(0xce04_c000_4000L);
    }

    @Test
    void pasidsOfOneLeafTableAndOfAnotherAreApart() {
        fixture.attach();
        TranslationContext context = fixture.context();
        for (int pasid : new int[] {1, 1023, 1024, (1 << 20) - 1}) {
            driver.setPasid(SID, pasid, context, false);
        }

        assertThat(fixture.cdAddress(SID, 1023) - fixture.cdAddress(SID, 1)).isEqualTo(1022 * 64);
        assertThat(fixture.cdAddress(SID, 1024) & 0xffff).isZero();
        assertThat(fixture.cd(SID, 2)).containsOnly(0);
        for (int pasid : new int[] {1, 1023, 1024, (1 << 20) - 1}) {
            assertThat(fixture.cd(SID, pasid)[1]).isEqualTo(Fixture.ROOT);
        }
    }
}
