package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.driver.Fixture.DEVICE;
import static dev.sva4j.vendor.amd.driver.Fixture.PASID;
import static dev.sva4j.vendor.amd.driver.Fixture.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaException;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Table entries in memory and the order of their stores (AMD-Vi 2.2.2, 2.2.6; Linux update_dte256). */
final class EntryBytesTest {
    private final Fixture fixture = new Fixture();
    private final AmdDriver driver = fixture.driver;

    @Test
    void anEntryBecomesValidWithItsFirstWordLastAndIsThenInvalidated() {
        fixture.start();
        List<String> order = fixture.watch(fixture.deviceEntryAddress(), 4);

        driver.attachDevice(Fixture.function(DEVICE));

        long[] entry = fixture.deviceEntry();
        assertThat(order)
                .containsExactly(
                        "3=0",
                        "2=0",
                        String.format("1=%x", entry[1]),
                        String.format("0=%x", entry[0]),
                        "2000000000000300",
                        "wait");
    }

    @Test
    void anEntryBecomesInvalidWithItsFirstWordAndIsEmptiedAfterTheCaches() {
        fixture.attach();
        List<String> order = fixture.watch(fixture.deviceEntryAddress(), 4);

        driver.detachDevice(DEVICE);

        assertThat(order).startsWith("0=3", "2000000000000300", "wait", "1=0", "2=0", "3=0");
        assertThat(fixture.deviceEntry()).containsExactly(3, 0, 0, 0);
    }

    @Test
    void untaggedTrafficIsBlockedByAnEmptyEntryOfPasid0() {
        fixture.attach();

        // Two levels, domain 7; GIoV is 1.
        assertThat(fixture.deviceEntryWithoutRoot()).isEqualTo("61c0000000000003 7 0 0");
    }

    @Test
    void atsAndPageRequestsAreOneBitEach() {
        fixture.attach();

        driver.setAts(DEVICE, true);
        assertThat(fixture.deviceEntryWithoutRoot()).isEqualTo("61c0000000000003 100000007 0 0");
        driver.setPageRequests(DEVICE, true);
        assertThat(fixture.deviceEntryWithoutRoot()).isEqualTo("61d0000000000003 100000007 0 0");
    }

    @Test
    void identityClearsGIoV() {
        fixture.bound();

        driver.setUntagged(DEVICE, UntaggedTraffic.IDENTITY);

        // That of Linux for an identity domain with SVA.
        assertThat(fixture.deviceEntryWithoutRoot()).isEqualTo("6190000000000003 100000007 0 0");
    }

    @Test
    void aDomainOfUntaggedTrafficIsPasid0() {
        fixture.bound();

        driver.setUntagged(DEVICE, UntaggedTraffic.translated(fixture.context()));

        assertThat(fixture.load(fixture.gcr3EntryAddress(0))).isEqualTo(ROOT | 1);
    }

    @Test
    void aPasidIsFoundAtItsIndices() {
        fixture.bound();

        long leaf = fixture.load(fixture.gcr3Root() + 0x488);
        assertThat(leaf & 0xfff).isEqualTo(1);
        assertThat(fixture.load(leaf - 1 + 0xa28)).isEqualTo(0x1_0842_3001L);
    }

    @Test
    void aPasidAppearsInOneStore() {
        fixture.bound();
        TranslationContext context = fixture.context();
        List<String> order = fixture.watch(fixture.gcr3EntryAddress(PASID + 1), 1);

        driver.setPasid(DEVICE, PASID + 1, context, false);

        assertThat(order).startsWith("0=108423001");
        assertThat(order).filteredOn(each -> each.startsWith("0=")).hasSize(1);
    }

    @Test
    void aQuiescedPasidLeadsToATableThatIsEmptyForAll() {
        fixture.bound();
        driver.setPasid(DEVICE, PASID + 1, fixture.context(), false);

        driver.quiescePasid(DEVICE, PASID);
        driver.quiescePasid(DEVICE, PASID + 1);

        long entry = fixture.load(fixture.gcr3EntryAddress(PASID));
        assertThat(entry & 0xfff).isEqualTo(1);
        assertThat(fixture.load(fixture.gcr3EntryAddress(PASID + 1))).isEqualTo(entry);
        assertThat(fixture.host.memory.words(entry - 1, 512)).containsOnly(0);
    }

    @Test
    void aQuiescedPasidIsNotValidWhereThatIsTheStrategy() {
        Fixture cleared = new Fixture(AmdDriver.CLEARED_ENTRY);
        cleared.bound();

        cleared.driver.quiescePasid(DEVICE, PASID);

        assertThat(cleared.load(cleared.gcr3EntryAddress(PASID))).isZero();
    }

    @Test
    void aClearedPasidIsNotValidBeforeTheCachesForgetIt() {
        fixture.bound();
        List<String> order = fixture.watch(fixture.gcr3EntryAddress(PASID), 1);

        driver.clearPasid(DEVICE, PASID);

        assertThat(order).containsExactly("0=0", "3000000700012345", "wait", "4145030020230300", "wait");
    }

    @Test
    void aCallThatIsRefusedChangesNothing() {
        TranslationContext context = fixture.bound();
        long[] entry = fixture.deviceEntry();
        long bytes = fixture.host.frames.allocatedBytes();
        List<String> order = fixture.watch(fixture.deviceEntryAddress(), 4);

        assertThatThrownBy(() -> driver.setPasid(DEVICE, 1 << 18, context, false))
                .isInstanceOf(SvaException.class);
        assertThatThrownBy(() -> driver.setPasid(DEVICE, PASID, context, false)).isInstanceOf(SvaException.class);
        assertThatThrownBy(() -> driver.setPasid(DEVICE, PASID + 1, context, true))
                .isInstanceOf(SvaException.class);
        assertThatThrownBy(() -> driver.attachDevice(Fixture.function(DEVICE))).isInstanceOf(SvaException.class);

        assertThat(order).isEmpty();
        assertThat(fixture.deviceEntry()).isEqualTo(entry);
        assertThat(fixture.host.frames.allocatedBytes()).isEqualTo(bytes);
    }

    @Test
    void noMemoryForATableLeavesThePasidFree() {
        fixture.attach();
        TranslationContext context = fixture.context();
        fixture.host.frames.budget = fixture.host.frames.granted;

        assertThatThrownBy(() -> driver.setPasid(DEVICE, PASID, context, false)).isInstanceOf(SvaException.class);
        fixture.host.frames.budget = Integer.MAX_VALUE;
        driver.setPasid(DEVICE, PASID, context, false);

        assertThat(fixture.load(fixture.gcr3EntryAddress(PASID))).isEqualTo(ROOT | 1);
    }
}
