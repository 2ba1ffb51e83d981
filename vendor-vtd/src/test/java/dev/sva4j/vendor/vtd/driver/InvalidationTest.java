package dev.sva4j.vendor.vtd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which descriptors are issued, byte for byte and in which order. The sheet's vectors have domain 1 as Linux has it; the first
 * context here has domain 2.
 */
final class InvalidationTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;

    private final Fixture fixture = new Fixture();
    private final ScriptedVtd vtd = fixture.vtd;
    private final VtdDriver driver = fixture.driver;

    private void setCap(int bit) {
        vtd.set(ScriptedVtd.CAP_REG, vtd.get(ScriptedVtd.CAP_REG) | 1L << bit);
    }

    private void clearEcap(int bit) {
        vtd.set(ScriptedVtd.ECAP_REG, vtd.get(ScriptedVtd.ECAP_REG) & ~(1L << bit));
    }

    // Ranges: V7, with p_dev_tlb of V8 (PFSID, as ECAP.DIT is 1).

    @ParameterizedTest
    @CsvSource({
        "7f1234567000, 7f1234567fff, 7f1234567000, 7f1234567000",
        "7f1234566000, 7f1234567fff, 7f1234566001, 7f1234566800",
        "7f1234567000, 7f1234569fff, 7f1234560004, 7f1234567800",
        "7f1234400000, 7f12345fffff, 7f1234400009, 7f12344ff800",
        "7f1200000000, 7f123fffffff, 7f1200000012, 7f121ffff800",
        "7ffffffff000, 800000000fff, 24,           7ffffffff800",
        "7f1234567abc, 7f1234567abd, 7f1234567000, 7f1234567000",
    })
    void aRangeIsOneAlignedBlock(String first, String last, String iotlb, String deviceTlb) {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, Long.parseLong(first, 16), Long.parseLong(last, 16), true);

        assertThat(vtd.takeAll())
                .containsExactly("0001234500020036 " + iotlb, "wait", "3a0123453a000008 " + deviceTlb, "wait");
    }

    @Test
    void everythingIsSelectedByPasid() {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0, -1, false);

        assertThat(vtd.takeAll())
                .containsExactly("0001234500020026 0", "wait", "3a0123453a000008 7ffffffffffff800", "wait");
    }

    @Test
    void pagingStructureCachesStayWhereOnlyLeavesChanged() {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0x7f12_3440_0000L, 0x7f12_345f_ffffL, false);

        assertThat(vtd.takeAll().get(0)).isEqualTo("0001234500020036 7f1234400049");
    }

    @Test
    void withoutThrottlingThereIsNoPfsid() {
        clearEcap(41);
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0, 0xFFF, true);

        assertThat(vtd.takeAll().get(2)).isEqualTo("000123453a000008 0");
    }

    @Test
    void theIotlbIsCleanBeforeADeviceTlbIsTold() {
        TranslationContext context = fixture.bound();
        vtd.withheld = descriptor -> true;
        fixture.host.stepping.duringWaits(
                () -> assertThat(vtd.takeAll()).containsExactly("0001234500020026 0", "wait"));

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, true)).hasMessageContaining("p_iotlb_inv");

        assertThat(vtd.takeAll()).isEmpty();
    }

    @Test
    void devicesThatShareAPasidShareTheIotlbsDescriptor() {
        TranslationContext context = fixture.bound();
        driver.attachDevice(Fixture.function(SID + 1));
        driver.setAts(SID + 1, true);
        driver.setPasid(SID + 1, PASID, context, false);
        vtd.takeAll();

        driver.invalidate(context, 0, 0xFFF, true);

        assertThat(vtd.takeAll())
                .containsExactly("0001234500020036 0", "wait", "3a0123453a000008 0", "3a0123453a011008 0", "wait");
    }

    @Test
    void untaggedTrafficIsPasidZeroToTheIotlbAndNoneToADeviceTlb() {
        fixture.attach();
        driver.setAts(SID, true);
        TranslationContext context = fixture.context();
        driver.setUntagged(SID, UntaggedTraffic.translated(context));
        vtd.takeAll();

        driver.invalidate(context, 0x1000, 0x1FFF, true);

        assertThat(vtd.takeAll()).containsExactly("0000000000020036 1000", "wait", "3a003a0000000003 1000", "wait");
    }

    @Test
    void theNumberOfDescriptorsDoesNotDependOnTheRange() {
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0x1000, 1L << 46, true);

        assertThat(vtd.takeAll()).hasSize(4);
    }

    @Test
    void aContextThatNothingRefersToNeedsNone() {
        fixture.attach();

        driver.invalidate(fixture.context(), 0, -1, true);

        assertThat(vtd.takeAll()).isEmpty();
    }

    @Test
    void withoutAtsNoDeviceTlbIsTold() {
        TranslationContext context = fixture.bound();
        driver.setAts(SID, false);
        vtd.takeAll();

        driver.invalidate(context, 0, 0xFFF, true);

        assertThat(vtd.takeAll()).containsExactly("0001234500020036 0", "wait");
    }

    @Test
    void moreDevicesThanARunHoldsAreToldInSeveral() {
        TranslationContext context = fixture.bound();
        for (int function = 1; function < 100; function++) {
            driver.attachDevice(new DeviceAttachment(SID + function, 17, false, true, false));
            driver.setAts(SID + function, true);
            driver.setPasid(SID + function, PASID, context, false);
        }
        vtd.takeAll();

        driver.invalidate(context, 0, 0xFFF, true);

        assertThat(vtd.takeAll().stream().filter(each -> each.equals("wait"))).hasSize(3);
    }

    // Entries.

    @Test
    void whatAppearsNeedsNoInvalidation() {
        fixture.start();
        driver.attachDevice(Fixture.function(SID));
        driver.setPasid(SID, PASID, fixture.context(), false);

        assertThat(vtd.takeAll()).isEmpty();
    }

    @Test
    void withCachingModeWhatAppearsHasBeenCachedAsAbsent() {
        setCap(7);
        fixture.start();

        driver.attachDevice(Fixture.function(SID));
        assertThat(vtd.takeAll()).containsExactly("00003a0000000031 0", "wait");
        driver.setPasid(SID, PASID, fixture.context(), false);

        assertThat(vtd.takeAll())
                .containsExactly("0001234500020017 0", "0001234500000017 0", "0001234500020026 0", "wait");
    }

    @Test
    void aContextEntryIsForgottenWheneverItChanges() {
        fixture.attach();

        driver.setAts(SID, true);
        assertThat(vtd.takeAll()).as("ATS on").containsExactly("00003a0000000031 0", "wait");
        driver.setPageRequests(SID, true);
        assertThat(vtd.takeAll()).as("page requests on").containsExactly("00003a0000000031 0", "wait");
        driver.setAts(SID, false);

        // The device TLB is emptied while DTE still allows it to answer.
        assertThat(vtd.takeAll())
                .as("ATS off")
                .containsExactly("3a003a0000000003 7ffffffffffff001", "wait", "00003a0000000031 0", "wait");
    }

    @Test
    void anIdThatIsGivenBackIsForgottenEverywhere() {
        TranslationContext context = fixture.bound();
        driver.clearPasid(SID, PASID);
        vtd.takeAll();

        driver.closeContext(context);

        assertThat(vtd.takeAll()).containsExactly("0000000000020007 0", "00000000000200e2 0", "wait");
    }

    // Responses: V11.

    @ParameterizedTest
    @CsvSource({"SUCCESS, 000123453a000019", "INVALID, 000123453a001019", "FAILURE, 000123453a00f019"})
    void aGroupIsAnsweredByItsOwnIdentifiers(ResponseCode code, String word0) {
        fixture.bound();

        driver.respond(new PageResponse(SID, PASID, 5, PageRequest.Kind.PRI, code));

        assertThat(vtd.takeAll()).containsExactly(word0 + " 28");
    }

    @Test
    void anUntaggedGroupHasNoPasidInItsResponse() {
        fixture.bound();

        driver.respond(new PageResponse(SID, Pasid.NONE, 0x1ff, PageRequest.Kind.PRI, ResponseCode.SUCCESS));

        assertThat(vtd.takeAll()).containsExactly("000000003a000009 ff8");
    }

    @Test
    void nothingIsStalledThatCouldBeResumed() {
        fixture.bound();

        assertThatThrownBy(() ->
                        driver.respond(new PageResponse(SID, PASID, 5, PageRequest.Kind.STALL, ResponseCode.SUCCESS)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // Drain: responses first, then the device, then a wait for its page requests.

    @Test
    void aDrainFencesInvalidatesAndWaitsForPageRequests() {
        fixture.bound();
        driver.clearPasid(SID, PASID);
        vtd.takeAll();

        driver.drain(SID, PASID);

        assertThat(vtd.takeAll())
                .containsExactly(
                        "0000000000000045 0", "0001234500010026 0", "3a0123453a000008 7ffffffffffff800", "wait+pd");
    }

    @Test
    void anUntaggedDrainIsByDomain() {
        fixture.bound();

        driver.drain(SID, Pasid.NONE);

        assertThat(vtd.takeAll())
                .containsExactly(
                        "0000000000000045 0", "00000000000100e2 0", "3a003a0000000003 7ffffffffffff001", "wait+pd");
    }

    @Test
    void aDrainWithoutPageRequestsHasNothingToDo() {
        clearEcap(29);
        fixture.attach();

        driver.drain(SID, PASID);

        assertThat(vtd.takeAll()).isEmpty();
    }
}
