package dev.sva4j.vendor.vtd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.testing.FakeMemory;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All or nothing: what is refused, and that refusing changes nothing. */
final class LifeCycleTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;

    /** Domains of a unit with CAP.ND = 0, without 0 and pass-through's. */
    private static final int DOMAINS = 14;

    private final Fixture fixture = new Fixture();
    private final FakeHost host = fixture.host;
    private final VtdDriver driver = fixture.driver;

    private static void assertRefused(SvaError error, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining("iommu0")
                .hasMessageContaining(message);
    }

    private void fewDomains() {
        fixture.vtd.set(ScriptedVtd.CAP_REG, ScriptedVtd.CAP & ~7L);
    }

    // Memory.

    @Test
    void everyFrameIsBackAfterClose() {
        TranslationContext context = fixture.bound();
        driver.invalidate(context, 0, -1, false);
        driver.quiescePasid(SID, PASID);
        driver.clearPasid(SID, PASID);
        driver.drain(SID, PASID);
        driver.closeContext(context);
        driver.close();

        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void closeReturnsEveryFrameAlsoOfDevicesThatAreStillAttached() {
        fixture.bound();

        driver.close();

        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void detachReturnsTheDirectoryAndItsTables() {
        fixture.attach();
        long attached = host.frames.allocatedBytes();
        driver.setPasid(SID, PASID, fixture.context(), false);
        driver.clearPasid(SID, PASID);

        driver.detachDevice(SID);

        // A directory of 2^14 entries, and what the PASID added.
        assertThat(host.frames.allocatedBytes()).isEqualTo(attached - (1 << 14) * 8);
        assertThat(fixture.load(fixture.contextEntryAddress(SID))).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anAttachThatRunsOutOfMemoryCanBeRepeated(int granted) {
        fixture.start();
        host.frames.budget = host.frames.granted + granted;

        assertRefused(SvaError.NO_MEMORY, "", () -> driver.attachDevice(Fixture.function(SID)));
        assertThat(fixture.takeDescriptors()).isEmpty();

        host.frames.budget = Integer.MAX_VALUE;
        driver.attachDevice(Fixture.function(SID));
    }

    @Test
    void aPasidThatRunsOutOfMemoryLeavesNothingBehind() {
        fixture.attach();
        TranslationContext context = fixture.context();
        long before = host.frames.allocatedBytes();
        host.frames.budget = host.frames.granted;

        assertRefused(SvaError.NO_MEMORY, "PASID table", () -> driver.setPasid(SID, PASID, context, false));
        assertThat(host.frames.allocatedBytes()).isEqualTo(before);
        assertRefused(SvaError.NOT_FOUND, "", () -> driver.clearPasid(SID, PASID));
        driver.invalidate(context, 0, -1, false);
        assertThat(fixture.takeDescriptors()).as("no bond was left").isEmpty();

        host.frames.budget = Integer.MAX_VALUE;
        driver.setPasid(SID, PASID, context, false);
    }

    @Test
    void untaggedTrafficThatRunsOutOfMemoryStaysAsItWas() {
        fixture.attach();
        host.frames.budget = host.frames.granted;

        assertRefused(SvaError.NO_MEMORY, "", () -> driver.setUntagged(SID, UntaggedTraffic.IDENTITY));

        assertThat(fixture.takeDescriptors()).isEmpty();
    }

    @Test
    void aPasidTableServesItsOtherPasidsWithoutMemory() {
        fixture.bound();
        host.frames.budget = host.frames.granted;

        assertThatCode(() -> driver.setPasid(SID, PASID + 1, fixture.context(), false))
                .doesNotThrowAnyException();
    }

    // Refusals.

    @Test
    void aDeviceIsAttachedOnce() {
        fixture.attach();

        assertRefused(SvaError.EXISTS, "0x3a00", () -> driver.attachDevice(Fixture.function(SID)));
        assertRefused(SvaError.NO_DEVICE, "0x3a01", () -> driver.detachDevice(SID + 1));
        assertRefused(SvaError.NO_DEVICE, "0x3a01", () -> driver.setAts(SID + 1, true));
    }

    @Test
    void aRequesterBeyondTheRootTableIsRefused() {
        fixture.start();
        long before = host.frames.allocatedBytes();

        assertRefused(SvaError.RANGE, "0x10000", () -> driver.attachDevice(Fixture.function(0x10000)));
        assertThat(host.frames.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void nothingStalls() {
        fixture.attach();

        assertRefused(
                SvaError.UNSUPPORTED,
                "stall",
                () -> driver.attachDevice(new DeviceAttachment(SID + 1, 6, true, false, false)));
        assertRefused(SvaError.INVALID, "stall", () -> driver.setPasid(SID, PASID, fixture.context(), true));
        assertRefused(
                SvaError.INVALID,
                "stall",
                () -> driver.setUntagged(SID, UntaggedTraffic.translated(fixture.context(), true)));
    }

    @Test
    void whatTheDeviceOrTheUnitHasNotIsNotSwitchedOn() {
        fixture.start();
        driver.attachDevice(new DeviceAttachment(SID, 20, false, false, false));

        assertRefused(SvaError.UNSUPPORTED, "without a device TLB", () -> driver.setAts(SID, true));
        assertRefused(SvaError.UNSUPPORTED, "without page requests", () -> driver.setPageRequests(SID, true));
    }

    @Test
    void identityNeedsPassThrough() {
        fixture.vtd.set(ScriptedVtd.ECAP_REG, ScriptedVtd.ECAP & ~0x40L);
        fixture.attach();

        assertRefused(SvaError.UNSUPPORTED, "ECAP.PT is 0", () -> driver.setUntagged(SID, UntaggedTraffic.IDENTITY));
    }

    @Test
    void aPasidIsSetOnceAndWithinWhatTheDeviceEmits() {
        fixture.start();
        driver.attachDevice(new DeviceAttachment(SID, 4, false, false, false));
        TranslationContext context = fixture.context();
        driver.setPasid(SID, 15, context, false);

        assertRefused(SvaError.EXISTS, "PASID 15", () -> driver.setPasid(SID, 15, context, false));
        assertRefused(SvaError.RANGE, "2^4", () -> driver.setPasid(SID, 16, context, false));
    }

    @Test
    void rootsAndFormatsThatAnEntryCannotHoldAreRefused() {
        fixture.start();

        assertRefused(SvaError.INVALID, "0x1008", () -> driver.openContext(X86_64.FOUR_LEVELS, 0x1008));
        assertRefused(SvaError.INVALID, "", () -> driver.openContext(X86_64.FOUR_LEVELS, 1L << 52));
        assertRefused(SvaError.UNSUPPORTED, "not x86-64", () -> driver.openContext(Vmsav8_64.LINUX_4K, 0x1000));
    }

    // Domain ids.

    @Test
    void everyOpenContextHasADomainOfItsOwnAndNeverZeroOrThatOfPassThrough() {
        fewDomains();
        fixture.start();
        Set<String> tags = new HashSet<>();
        for (int i = 0; i < DOMAINS; i++) {
            tags.add(fixture.context().tag());
        }

        assertThat(tags).hasSize(DOMAINS).doesNotContain("DID 0", "DID 1");
        assertRefused(SvaError.NO_SPACE, "domain id of 4 bits", fixture::context);
    }

    @Test
    void aDomainThatCachesMayKnowIsNotGivenOutAgain() {
        fewDomains();
        fixture.attach();
        TranslationContext context = fixture.context();
        fixture.vtd.holds = true;
        assertRefused(SvaError.TIMED_OUT, "pc_inv", () -> driver.closeContext(context));
        fixture.vtd.holds = false;
        fixture.vtd.consume(100);

        for (int i = 0; i < DOMAINS - 1; i++) {
            assertThat(fixture.context().tag()).isNotEqualTo(context.tag());
        }
        assertRefused(SvaError.NO_SPACE, "", fixture::context);
    }

    @Test
    void anEntryThatCouldNotBeClearedKeepsItsDomainUntilTheDeviceIsDetached() {
        fewDomains();
        TranslationContext context = fixture.bound();
        fixture.vtd.holds = true;
        assertRefused(SvaError.TIMED_OUT, "pc_inv", () -> driver.clearPasid(SID, PASID));
        fixture.vtd.holds = false;
        fixture.vtd.consume(100);

        driver.closeContext(context);
        for (int i = 0; i < DOMAINS - 1; i++) {
            fixture.context();
        }
        assertRefused(SvaError.NO_SPACE, "", fixture::context);

        driver.detachDevice(SID);
        assertThat(fixture.context().tag()).isEqualTo(context.tag());
    }

    @Test
    void aDetachThatTimesOutKeepsTheTablesThatHardwareMayUse() {
        fixture.attach();
        long before = host.frames.allocatedBytes();
        fixture.vtd.holds = true;
        assertThatThrownBy(() -> driver.detachDevice(SID)).isInstanceOf(SvaException.class);
        assertThat(host.frames.allocatedBytes()).isEqualTo(before);
        fixture.vtd.holds = false;
        fixture.vtd.consume(100);

        driver.detachDevice(SID);

        assertThat(host.frames.allocatedBytes()).isLessThan(before);
    }

    @Test
    void aDeviceTlbBelongsToTheTargetsBeforeTheEntryAllowsIt() {
        fixture.attach();
        TranslationContext context = fixture.context();
        driver.setPasid(SID, PASID, context, false);
        fixture.takeDescriptors();
        fixture.vtd.holds = true;
        host.stepping.duringWaits(() -> {
            fixture.vtd.holds = false;
            // Somebody else, while the entry is written and hardware may or may not have seen it.
            driver.invalidate(context, 0, 0xFFF, false);
        });

        driver.setAts(SID, true);

        assertThat(fixture.takeDescriptors()).extracting(Descriptor::type).contains(8);
    }

    @Test
    void noEntryIsPresentBeforeItsInvalidationsReachTheDevice() {
        fixture.attach();
        TranslationContext context = fixture.context();
        boolean[] seen = new boolean[1];
        host.memory.listener = new FakeMemory.Listener() {
            @Override
            public void stored(long pa, long value) {
                if (value == 0x49) {
                    seen[0] = true;
                    assertThat(((VtdContext) context).bonds()).hasSize(1);
                }
            }
        };

        driver.setPasid(SID, PASID, context, false);

        assertThat(seen[0]).isTrue();
    }
}
