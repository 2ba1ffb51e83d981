package dev.sva4j.vendor.smmu.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What untagged traffic goes through: the bytes of CD 0 and S1DSS, and the caches that are told. */
final class UntaggedTrafficTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;
    private static final long MAIR = 0x0000_0004_0044_FFFFL;
    private static final DeviceAttachment WITHOUT_PASIDS = new DeviceAttachment(SID, 0, true, false, false);

    private final Fixture fixture = new Fixture();
    private final SmmuDriver driver = fixture.driver;

    private static void assertRefused(SvaError error, String message, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(message);
    }

    // Quiesced

    @Test
    void aQuiescedCdIsQuietAndStillSelected() {
        fixture.attach();
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        long[] ste = fixture.ste(SID);

        driver.setUntagged(SID, UntaggedTraffic.QUIESCED);

        assertThat(fixture.cd(SID, 0)).containsExactly(0xc204_c000_4000L, 0, 0, MAIR, 0, 0, 0, 0); // C4, ASID 0
        assertThat(fixture.ste(SID)).isEqualTo(ste);
    }

    @Test
    void quiesceSilencesTheCdThenTheTlbThenTheAtc() {
        fixture.attach();
        driver.setAts(SID, true);
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        fixture.takeCommands();

        driver.setUntagged(SID, UntaggedTraffic.QUIESCED);

        assertThat(fixture.takeCommands())
                .containsExactly(
                        Cmd.of(0x0000_1234_0000_0005L, 1), // CFGI_CD, SSID 0: EPD0, R = S = 0
                        Cmd.SYNC,
                        Cmd.of(0x0000_1234_0000_0005L, 1), // no TTB0
                        Cmd.SYNC,
                        Cmd.of(0x0001_0000_0000_0011L, 0), // TLBI_NH_ASID
                        Cmd.SYNC,
                        Cmd.of(0x0000_1234_0000_0040L, 0x34), // ATC_INV, SSV = 0, all
                        Cmd.SYNC);
    }

    @Test
    void fromQuiescedItIsLeftForBlockedLikeFromTranslated() {
        fixture.attach();
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        driver.setUntagged(SID, UntaggedTraffic.QUIESCED);

        driver.setUntagged(SID, UntaggedTraffic.BLOCKED);

        assertThat(fixture.cd(SID, 0)).containsOnly(0);
        assertThat(fixture.ste(SID)[1]).isEqualTo(0x0800_00d4L);
    }

    @Test
    void withoutPasidsTheOnlyCdGoesTheSameWay() {
        fixture.start();
        driver.attachDevice(WITHOUT_PASIDS);
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        long live = fixture.cd(SID, 0)[0];
        driver.setUntagged(SID, UntaggedTraffic.QUIESCED);
        long quiet = fixture.cd(SID, 0)[0];

        driver.setUntagged(SID, UntaggedTraffic.BLOCKED);

        assertThat(List.of(live, quiet, fixture.cd(SID, 0)[0]))
                .containsExactly(0x0001_e204_c000_3510L, 0xc204_c000_4000L, 0L);
    }

    @Test
    void anotherContextCanFollow() {
        fixture.attach();
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        driver.setUntagged(SID, UntaggedTraffic.QUIESCED);
        driver.setUntagged(SID, UntaggedTraffic.BLOCKED);

        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));

        assertThat(fixture.cd(SID, 0)[0]).isEqualTo(0x0002_e204_c000_3510L); // C1, ASID 2
    }

    // Stall

    @Test
    void stallingIsSaidByTheCd() {
        fixture.start();
        driver.attachDevice(WITHOUT_PASIDS);

        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context(), true));
        assertThat(fixture.cd(SID, 0)[0]).isEqualTo(0x0001_f204_c000_3510L); // C2

        driver.setUntagged(SID, UntaggedTraffic.QUIESCED);
        assertThat(fixture.cd(SID, 0)[0]).isEqualTo(0xc204_c000_4000L);
    }

    @Test
    void aStallThatTheDeviceWasNotAttachedForIsRefusedAndChangesNothing() {
        fixture.attach();
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        long[] cd = fixture.cd(SID, 0);
        TranslationContext other = fixture.context();
        fixture.takeCommands();

        assertRefused(
                SvaError.INVALID, "can stall", () -> driver.setUntagged(SID, UntaggedTraffic.translated(other, true)));

        assertThat(fixture.cd(SID, 0)).isEqualTo(cd);
        assertThat(fixture.takeCommands()).isEmpty();
    }

    // Identity and ATS

    @Test
    void aFunctionWithAnAtcHasS1dssThoughItHasNoPasids() {
        fixture.start();
        driver.attachDevice(new DeviceAttachment(SID, 0, false, true, false));
        driver.setAts(SID, true);

        driver.setUntagged(SID, UntaggedTraffic.IDENTITY);

        assertThat(fixture.ste(SID)[0] >>> 59).isEqualTo(1);
        assertThat(fixture.ste(SID)[1]).isEqualTo(0x1000_1800_00d5L); // S5
    }

    @Test
    void whereThereIsNoS1dssIdentityIsRefusedWhileAtsIsOn() {
        fixture.smmu.set(0x04, ScriptedSmmu.IDR1 & ~0x7c0L);
        fixture.start();
        driver.attachDevice(new DeviceAttachment(SID, 0, false, true, false));
        driver.setAts(SID, true);
        long[] ste = fixture.ste(SID);

        assertRefused(SvaError.UNSUPPORTED, "turn ATS off", () -> driver.setUntagged(SID, UntaggedTraffic.IDENTITY));

        assertThat(fixture.ste(SID)).isEqualTo(ste);
        driver.setAts(SID, false);
        driver.setUntagged(SID, UntaggedTraffic.IDENTITY);
        assertThat(fixture.ste(SID)).startsWith(9, 0x1000_0000_0000L); // S2
    }

    // Both kinds of requests in one context

    @Test
    void anInvalidationReachesWhatTheAtcGotWithAndWithoutAPasid() {
        TranslationContext context = fixture.bound();
        driver.setUntagged(SID, UntaggedTraffic.translated(context));
        fixture.takeCommands();

        driver.invalidate(context, 0x7F12_3456_7000L, 0x7F12_3456_7FFFL, false);

        assertThat(fixture.takeCommands())
                .contains(
                        Cmd.of(0x0000_1234_0000_0040L, 0x7f12_3456_7000L),
                        Cmd.of(0x0000_1234_00c0_5840L, 0x7f12_3456_7000L));
    }

    @Test
    void quiescingOneLeavesTheOtherAlive() {
        TranslationContext context = fixture.bound();
        driver.setUntagged(SID, UntaggedTraffic.translated(context));

        driver.setUntagged(SID, UntaggedTraffic.QUIESCED);

        assertThat(fixture.cd(SID, PASID)[0]).isEqualTo(0x0001_e204_c000_3510L);
    }

    // Formats

    @Test
    void domainsUseTheFormatOfProcesses() {
        fixture.start();

        assertThat(driver.domainFormat(false)).isEqualTo(Vmsav8_64.LINUX_4K);
        assertThat(driver.domainFormat(true)).isEqualTo(Vmsav8_64.LINUX_4K);
    }

    @Test
    void withoutSubstreamsThereIsNoFormatForTaggedTraffic() {
        fixture.smmu.set(0x04, ScriptedSmmu.IDR1 & ~0x7c0L);
        fixture.start();

        assertThat(driver.domainFormat(false)).isEqualTo(Vmsav8_64.LINUX_4K);
        assertRefused(SvaError.UNSUPPORTED, "SSIDSIZE", () -> driver.domainFormat(true));
    }
}
