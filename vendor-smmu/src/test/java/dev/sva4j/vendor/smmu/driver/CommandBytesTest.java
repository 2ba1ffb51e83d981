package dev.sva4j.vendor.smmu.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which commands an operation takes, in which order, byte for byte (§12.6; our first ASID is 1). */
final class CommandBytesTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;

    private static final Cmd CFGI_STE_LEAF = Cmd.of(0x0000_1234_0000_0003L, 1);
    private static final Cmd CFGI_STE = Cmd.of(0x0000_1234_0000_0003L, 0);
    private static final Cmd CFGI_CD_LEAF = Cmd.of(0x0000_1234_00c0_5005L, 1);
    private static final Cmd CFGI_CD = Cmd.of(0x0000_1234_00c0_5005L, 0);
    private static final Cmd TLBI_ASID = Cmd.of(0x0001_0000_0000_0011L, 0);
    private static final Cmd ATC_INV_ALL_SSID = Cmd.of(0x0000_1234_00c0_5840L, 0x34);
    private static final Cmd ATC_INV_ALL = Cmd.of(0x0000_1234_0000_0040L, 0x34);

    private final Fixture fixture = new Fixture();
    private final SmmuDriver driver = fixture.driver;

    @Test
    void attachTakesTwoStepsTheFirstOfWhichDropsTheL1Descriptor() {
        fixture.start();

        driver.attachDevice(Fixture.function(SID));

        assertThat(fixture.takeCommands()).containsExactly(CFGI_STE, Cmd.SYNC, CFGI_STE_LEAF, Cmd.SYNC);
    }

    @Test
    void theL1DescriptorIsLeftAloneOnceItHasSettled() {
        fixture.attach();

        driver.attachDevice(Fixture.function(SID + 1));

        assertThat(fixture.takeCommands()).extracting(Cmd::word1).containsExactly(1L, 0L, 1L, 0L);
    }

    @Test
    void setPasidWritesTheBodyThenTheValidBit() {
        fixture.attach();

        driver.setPasid(SID, PASID, fixture.context(), false);

        assertThat(fixture.takeCommands()).containsExactly(CFGI_CD, Cmd.SYNC, CFGI_CD_LEAF, Cmd.SYNC);
    }

    @Test
    void quiesceSilencesTheCdThenTheTlbThenTheAtc() {
        fixture.bound();

        driver.quiescePasid(SID, PASID);

        assertThat(fixture.takeCommands())
                .containsExactly(
                        CFGI_CD_LEAF,
                        Cmd.SYNC, // w0: EPD0, R = S = 0
                        CFGI_CD_LEAF,
                        Cmd.SYNC, // w1: no TTB0
                        TLBI_ASID,
                        Cmd.SYNC,
                        ATC_INV_ALL_SSID,
                        Cmd.SYNC);
    }

    @Test
    void clearEndsInTheSameCommandsFromLiveAndFromQuiet() {
        fixture.bound();
        List<Cmd> expected = List.of(
                CFGI_CD_LEAF, Cmd.SYNC, CFGI_CD_LEAF, Cmd.SYNC, TLBI_ASID, Cmd.SYNC, ATC_INV_ALL_SSID, Cmd.SYNC);

        driver.clearPasid(SID, PASID);
        assertThat(fixture.takeCommands()).isEqualTo(expected);

        driver.setPasid(
                SID,
                PASID,
                fixture.driver.openContext(dev.sva4j.spi.pagetable.Vmsav8_64.LINUX_4K, 0x8000_0000L),
                false);
        driver.quiescePasid(SID, PASID);
        fixture.takeCommands();
        driver.clearPasid(SID, PASID);
        assertThat(fixture.takeCommands())
                .extracting(Cmd::opcode)
                .isEqualTo(expected.stream().map(Cmd::opcode).toList());
    }

    @Test
    void withoutAtsNoAtcIsTouched() {
        fixture.attach();
        driver.setPasid(SID, PASID, fixture.context(), false);
        fixture.takeCommands();

        driver.quiescePasid(SID, PASID);
        driver.clearPasid(SID, PASID);

        assertThat(fixture.takeCommands()).extracting(Cmd::opcode).doesNotContain(0x40);
    }

    @Test
    void closingAContextCleansItsAsidBeforeAnotherGetsIt() {
        fixture.attach();
        TranslationContext context = fixture.context();

        driver.closeContext(context);

        assertThat(fixture.takeCommands()).containsExactly(TLBI_ASID, Cmd.SYNC);
    }

    @Test
    void atsIsSwitchedOnByTheSteAndOffAfterTheAtcIsEmpty() {
        fixture.attach();

        driver.setAts(SID, true);
        assertThat(fixture.takeCommands()).containsExactly(CFGI_STE_LEAF, Cmd.SYNC);
        assertThat(fixture.ste(SID)[1]).isEqualTo(0x1800_00d4L);

        driver.setAts(SID, false);
        assertThat(fixture.takeCommands()).containsExactly(ATC_INV_ALL, Cmd.SYNC, CFGI_STE_LEAF, Cmd.SYNC);
        assertThat(fixture.ste(SID)[1]).isEqualTo(0x0800_00d4L);
    }

    @Test
    void detachMakesTheStreamAbortAndNeedsNothingElse() {
        fixture.attach();

        driver.detachDevice(SID);

        assertThat(fixture.takeCommands()).containsExactly(CFGI_STE_LEAF, Cmd.SYNC, CFGI_STE_LEAF, Cmd.SYNC);
    }

    @Test
    void untaggedTrafficIsInvalidatedInTheAtcWithoutAPasid() {
        fixture.attach();
        driver.setAts(SID, true);
        TranslationContext context = fixture.context();
        driver.setUntagged(SID, UntaggedTraffic.translated(context));
        fixture.takeCommands();

        driver.invalidate(context, 0x7F12_3456_7000L, 0x7F12_3456_7FFFL, false);

        assertThat(fixture.takeCommands()).endsWith(Cmd.of(0x0000_1234_0000_0040L, 0x7f12_3456_7000L), Cmd.SYNC);
    }

    @Test
    void anUntaggedAddressSpaceCanBeQuiescedToo() {
        fixture.attach();
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));

        driver.quiescePasid(SID, Pasid.NONE);

        assertThat(fixture.cd(SID, 0)[0]).isEqualTo(0xc204_c000_4000L);
        driver.setUntagged(SID, UntaggedTraffic.BLOCKED);
        assertThat(fixture.cd(SID, 0)).containsOnly(0);
    }

    @Test
    void untaggedTrafficLosesItsOldAddressSpaceBeforeItGetsANewOne() {
        fixture.attach();
        driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context()));
        TranslationContext second = driver.openContext(dev.sva4j.spi.pagetable.Vmsav8_64.LINUX_4K, 0x8000_0000L);
        fixture.takeCommands();

        driver.setUntagged(SID, UntaggedTraffic.translated(second));

        assertThat(fixture.takeCommands())
                .extracting(Cmd::opcode)
                .containsExactly(
                        0x03, 0x46, // S1DSS: terminate
                        0x05, 0x46, 0x05, 0x46, // CD 0 empty
                        0x11, 0x46, // old ASID
                        0x05, 0x46, 0x05, 0x46, // CD 0 live
                        0x03, 0x46); // S1DSS: substream 0
        assertThat(fixture.cd(SID, 0)[1]).isEqualTo(0x8000_0000L);
    }

    @Test
    void whatTheAtcGotForUntaggedTrafficGoesWithTheOldTreatment() {
        fixture.attach();
        driver.setAts(SID, true);
        driver.setUntagged(SID, UntaggedTraffic.IDENTITY);
        fixture.takeCommands();

        driver.setUntagged(SID, UntaggedTraffic.BLOCKED);

        assertThat(fixture.takeCommands()).containsExactly(CFGI_STE_LEAF, Cmd.SYNC, ATC_INV_ALL, Cmd.SYNC);
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESS, 0000123400c05841, 201a",
        "INVALID, 0000123400c05841, 101a",
        "FAILURE, 0000123400c05841, 1a",
    })
    void pageRequestsAreAnsweredWithoutWaiting(ResponseCode code, String word0, String word1) {
        fixture.attach();

        driver.respond(new PageResponse(SID, PASID, 0x1A, PageRequest.Kind.PRI, code));

        assertThat(fixture.takeCommands()).containsExactly(cmd(word0, word1));
    }

    @Test
    void anAnswerToARequestWithoutAPasidCarriesNone() {
        fixture.attach();

        driver.respond(new PageResponse(SID, Pasid.NONE, 0x1A, PageRequest.Kind.PRI, ResponseCode.FAILURE));

        assertThat(fixture.takeCommands()).containsExactly(cmd("0000123400000041", "1a"));
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESS, 0000123400001044",
        "INVALID, 0000123400002044",
        "FAILURE, 0000123400002044",
    })
    void stalledTransactionsAreRetriedOrAborted(ResponseCode code, String word0) {
        fixture.start();
        driver.attachDevice(Fixture.stalling(SID));
        fixture.takeCommands();

        driver.respond(new PageResponse(SID, 5, 0x55, PageRequest.Kind.STALL, code));

        assertThat(fixture.takeCommands()).containsExactly(cmd(word0, "55"));
    }

    @Test
    void requesterIdsAreUnsigned() {
        fixture.smmu.set(0x04, ScriptedSmmu.IDR1 & ~0x3fL | 20);
        fixture.start();

        driver.attachDevice(new DeviceAttachment(0xF_FFFF, 1, false, false, false));

        assertThat(fixture.takeCommands().get(0)).isEqualTo(Cmd.of(0x000f_ffff_0000_0003L, 0));
    }

    private static Cmd cmd(String word0, String word1) {
        return Cmd.of(Long.parseUnsignedLong(word0, 16), Long.parseUnsignedLong(word1, 16));
    }
}
