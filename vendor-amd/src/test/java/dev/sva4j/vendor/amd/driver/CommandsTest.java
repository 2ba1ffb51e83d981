package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.driver.Fixture.DEVICE;
import static dev.sva4j.vendor.amd.driver.Fixture.PASID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.TranslationContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which commands are issued, byte for byte and in which order (AMD-Vi 2.4), and what happens when the buffer stops. */
final class CommandsTest {
    private final Fixture fixture = new Fixture();
    private final ScriptedAmd amd = fixture.amd;
    private final AmdDriver driver = fixture.driver;

    private static PageResponse response(int pasid, int group, ResponseCode code) {
        return new PageResponse(DEVICE, pasid, group, PageRequest.Kind.PRI, code);
    }

    /** The second word says S and the address; GN and PDE are in the last digit. */
    @ParameterizedTest
    @CsvSource({
        "7f1234567000, 7f1234567fff, 00007f1234567006, 00007f1234567004",
        "7f1234400000, 7f12345fffff, 00007f12344ff007, 00007f12344ff005",
        "7f1234560000, 7f123456ffff, 00007f1234567007, 00007f1234567005",
        "7f123455e000, 7f1234562fff, 00007f123455f007, 00007f123455f005",
        "1000,         2fff,         0000000000001007, 0000000000001005",
    })
    void aRangeIsOneCommandToTheIommuAndThenOneToTheDevice(String first, String last, String iommu, String device) {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, Long.parseLong(first, 16), Long.parseLong(last, 16), true);

        assertThat(amd.take())
                .containsExactly("3000000700012345 " + iommu, "wait", "4145030020230300 " + device, "wait");
    }

    @Test
    void everythingOfAPasid() {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0, -1, true);

        assertThat(amd.take())
                .containsExactly(
                        "3000000700012345 7ffffffffffff007", "wait", "4145030020230300 7ffffffffffff005", "wait");
    }

    @Test
    void directoryEntriesStayWhereOnlyLeavesChanged() {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0x7f12_3456_7000L, 0x7f12_3456_7fffL, false);

        assertThat(amd.take()).startsWith("3000000700012345 00007f1234567004");
    }

    @Test
    void withoutAtsTheDeviceIsNotAsked() {
        fixture.attach();
        TranslationContext context = fixture.context();
        driver.setPasid(DEVICE, PASID, context, false);
        amd.take();

        driver.invalidate(context, 0, -1, true);

        assertThat(amd.take()).containsExactly("3000000700012345 7ffffffffffff007", "wait");
    }

    @Test
    void aContextThatNothingRefersToNeedsNoCommand() {
        fixture.attach();

        driver.invalidate(fixture.context(), 0, -1, true);

        assertThat(amd.take()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESS, 0000000500000004",
        "INVALID, 0000100500000004",
        "FAILURE, 0000f00500000004",
    })
    void anAnswerIsOneCommandWithoutWait(ResponseCode code, String word1) {
        fixture.bound();

        driver.respond(response(PASID, 5, code));

        assertThat(amd.take()).containsExactly("7001234500000300 " + word1);
    }

    @Test
    void anAnswerWithoutPasid() {
        fixture.bound();

        driver.respond(response(Pasid.NONE, 0x1ff, ResponseCode.SUCCESS));

        assertThat(amd.take()).containsExactly("7000000000000300 000001ff00000000");
    }

    @Test
    void withoutInvalidateAllEveryDeviceAndDomainIsNamed() {
        amd.set(ScriptedAmd.EFR_REG, ScriptedAmd.EFR & ~0x40L);

        driver.start();

        assertThat(amd.take())
                .contains(
                        "200000000000ffff 0000000000000000",
                        "500000000000ffff 0000000000000000",
                        "3000ffff00000000 7ffffffffffff003")
                .doesNotContain("8000000000000000 0000000000000000");
    }

    @Test
    void aRefusedCommandIsADriversMistakeThatItsCallerSeesInRaw() {
        TranslationContext context = fixture.bound();
        amd.illegal = word0 -> word0 >>> 60 == 3;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("INVALIDATE_IOMMU_PAGES 3000000700012345 7ffffffffffff007");

        // The buffer goes on.
        amd.illegal = word0 -> false;
        assertThatCode(() -> driver.invalidate(context, 0, -1, true)).doesNotThrowAnyException();
    }

    @Test
    void aCommandThatIsNotCompletedInTimeIsGivenUp() {
        TranslationContext context = fixture.bound();
        amd.holds = true;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, true))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT));
    }

    @Test
    void aFullBufferIsWaitedFor() {
        fixture.bound();
        amd.holds = true;
        PageResponse response = response(PASID, 5, ResponseCode.SUCCESS);
        // One entry always stays empty.
        for (int i = 0; i < 511; i++) {
            driver.respond(response);
        }
        assertThat(fixture.host.stepping.waits).isZero();
        fixture.host.stepping.duringWaits(() -> amd.consume(1));

        driver.respond(response);

        assertThat(fixture.host.stepping.waits).isEqualTo(1);
        amd.consume(1000);
        assertThat(amd.take()).hasSize(512);
    }

    @Test
    void aBufferThatStaysFullIsGivenUp() {
        fixture.bound();
        amd.holds = true;
        PageResponse response = response(PASID, 5, ResponseCode.SUCCESS);
        for (int i = 0; i < 511; i++) {
            driver.respond(response);
        }

        assertThatThrownBy(() -> driver.respond(response))
                .isInstanceOf(SvaException.class)
                .hasMessageContaining("no room");
    }

    @Test
    void aDeviceThatHardwareGaveUpWaitingForIsNamed() {
        fixture.host.timeoutNanos = 5_000_000;
        TranslationContext context = fixture.bound();
        amd.stuck = word0 -> word0 >>> 60 == 4;
        // Longer than InvTimeOut, which is 1 ms.
        for (int i = 0; i < 1500; i++) {
            fixture.host.stepping.duringWaits(() -> {});
        }
        fixture.host.stepping.duringWaits(() -> {
            amd.event(0x7000_0000_0000_0300L, 0x100080);
            amd.stuck = word0 -> false;
            amd.consume(100);
        });

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, true))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("device 0x300: IOTLB_INV_TIMEOUT");
    }
}
