package dev.sva4j.vendor.smmu.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.testing.FakeMemory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All or nothing: what is refused, and that refusing changes nothing. */
final class LifeCycleTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;

    private final Fixture fixture = new Fixture();
    private final FakeHost host = fixture.host;
    private final SmmuDriver driver = fixture.driver;

    private static void assertRefused(SvaError error, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining("iommu0")
                .hasMessageContaining(message);
    }

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

    // Out of memory.

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anAttachThatRunsOutOfMemoryLeavesNothingBehind(int granted) {
        fixture.start();
        long before = host.frames.allocatedBytes();
        host.frames.budget = host.frames.granted + granted;

        assertRefused(SvaError.NO_MEMORY, "", () -> driver.attachDevice(Fixture.function(SID)));
        assertThat(host.frames.allocatedBytes()).isEqualTo(before);
        assertThat(fixture.takeCommands()).isEmpty();

        host.frames.budget = Integer.MAX_VALUE;
        driver.attachDevice(Fixture.function(SID));
    }

    @Test
    void aPasidThatRunsOutOfMemoryLeavesNothingBehind() {
        fixture.attach();
        TranslationContext context = fixture.context();
        long before = host.frames.allocatedBytes();
        host.frames.budget = host.frames.granted;

        assertRefused(SvaError.NO_MEMORY, "context descriptors", () -> driver.setPasid(SID, PASID, context, false));
        assertThat(host.frames.allocatedBytes()).isEqualTo(before);
        assertThat(fixture.takeCommands()).isEmpty();
        assertRefused(SvaError.NOT_FOUND, "", () -> driver.clearPasid(SID, PASID));
        driver.invalidate(context, 0, -1, false);
        assertThat(fixture.takeCommands()).as("no bond was left").isEmpty();

        host.frames.budget = Integer.MAX_VALUE;
        driver.setPasid(SID, PASID, context, false);
    }

    @Test
    void untaggedTrafficThatRunsOutOfMemoryStaysAsItWas() {
        fixture.attach();
        driver.setUntagged(SID, UntaggedTraffic.IDENTITY);
        long[] ste = fixture.ste(SID);
        fixture.takeCommands();
        TranslationContext context = fixture.context();
        host.frames.budget = host.frames.granted;

        assertRefused(SvaError.NO_MEMORY, "", () -> driver.setUntagged(SID, UntaggedTraffic.translated(context)));

        assertThat(fixture.ste(SID)).isEqualTo(ste);
        assertThat(fixture.takeCommands()).isEmpty();
    }

    @Test
    void aLeafTableServesItsOtherPasidsWithoutMemory() {
        fixture.bound();
        host.frames.budget = host.frames.granted;

        assertThatCode(() -> driver.setPasid(SID, PASID + 1, fixture.context(), false))
                .doesNotThrowAnyException();
    }

    // Refusals.

    @Test
    void aDeviceIsAttachedOnce() {
        fixture.attach();

        assertRefused(SvaError.EXISTS, "0x1234", () -> driver.attachDevice(Fixture.function(SID)));
        assertRefused(SvaError.NO_DEVICE, "0x1235", () -> driver.detachDevice(SID + 1));
        assertRefused(SvaError.NO_DEVICE, "0x1235", () -> driver.setAts(SID + 1, true));
    }

    @Test
    void aStreamBeyondTheTableIsRefused() {
        fixture.start();
        long before = host.frames.allocatedBytes();

        assertRefused(SvaError.RANGE, "0x10000", () -> driver.attachDevice(Fixture.function(0x10000)));
        assertThat(host.frames.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void aPasidBeyondTheTableIsRefused() {
        fixture.start();
        driver.attachDevice(new DeviceAttachment(SID, 6, false, false, false));
        TranslationContext context = fixture.context();

        assertRefused(SvaError.RANGE, "64", () -> driver.setPasid(SID, 64, context, false));
        driver.setPasid(SID, 63, context, false);
        assertRefused(SvaError.EXISTS, "63", () -> driver.setPasid(SID, 63, context, false));
        assertRefused(SvaError.INVALID, "stall", () -> driver.setPasid(SID, 62, context, true));
        assertRefused(SvaError.NOT_FOUND, "5", () -> driver.quiescePasid(SID, 5));
    }

    @Test
    void aDeviceMayNotStallWhereHardwareCannot() {
        fixture.smmu.set(0x00, ScriptedSmmu.IDR0 | 1 << 24 | 1 << 26);
        fixture.start();

        assertRefused(SvaError.UNSUPPORTED, "STALL_MODEL", () -> driver.attachDevice(Fixture.stalling(SID)));
    }

    @Test
    void atsAndPageRequestsNeedBothSides() {
        fixture.start();
        driver.attachDevice(Fixture.stalling(SID));

        assertRefused(SvaError.UNSUPPORTED, "without an ATC", () -> driver.setAts(SID, true));
        assertRefused(SvaError.UNSUPPORTED, "without page requests", () -> driver.setPageRequests(SID, true));
        driver.setPageRequests(SID, false);

        Fixture plain = new Fixture();
        plain.smmu.set(0x00, ScriptedSmmu.IDR0 & ~(1L << 10));
        plain.attach();
        assertRefused(SvaError.UNSUPPORTED, "IDR0.ATS", () -> plain.driver.setAts(SID, true));
        assertRefused(SvaError.UNSUPPORTED, "IDR0.PRI", () -> plain.driver.setPageRequests(SID, true));
    }

    @Test
    void tablesThatHardwareCannotWalkAreRefusedWithTheReason() {
        fixture.smmu.set(0x14, ScriptedSmmu.IDR5 & ~(1L << 5));
        fixture.smmu.set(0x00, ScriptedSmmu.IDR0 & ~(3L << 6));
        fixture.start();
        Vmsav8_64.Granule small = Vmsav8_64.Granule.SIZE_4K;
        Vmsav8_64.Granule large = Vmsav8_64.Granule.SIZE_64K;

        driver.checkProcessFormat(Vmsav8_64.LINUX_4K);
        assertRefused(SvaError.UNSUPPORTED, "not VMSAv8-64", () -> driver.checkProcessFormat(X86_64.FOUR_LEVELS));
        assertRefused(
                SvaError.UNSUPPORTED,
                "KIB_16",
                () -> driver.checkProcessFormat(new Vmsav8_64(Vmsav8_64.Granule.SIZE_16K, 16, 48, 0, false)));
        assertRefused(
                SvaError.UNSUPPORTED, "VAX", () -> driver.checkProcessFormat(new Vmsav8_64(large, 12, 48, 0, false)));
        assertRefused(
                SvaError.UNSUPPORTED, "OAS", () -> driver.checkProcessFormat(new Vmsav8_64(small, 16, 52, 0, false)));
        assertRefused(
                SvaError.UNSUPPORTED, "HTTU", () -> driver.checkProcessFormat(new Vmsav8_64(small, 16, 48, 0, true)));
        assertRefused(
                SvaError.UNSUPPORTED, "AttrIndx", () -> driver.checkProcessFormat(Vmsav8_64.LINUX_4K.withAttrIndx(2)));
        driver.checkProcessFormat(Vmsav8_64.LINUX_4K.withAttrIndx(1));
    }

    @Test
    void fiftyTwoBitTablesNeedDsUnlessTheGranuleIs64K() {
        fixture.smmu.set(0x14, ScriptedSmmu.IDR5 & ~7L | 6);
        fixture.start();

        driver.checkProcessFormat(new Vmsav8_64(Vmsav8_64.Granule.SIZE_64K, 16, 52, 0, false));
        assertRefused(
                SvaError.UNSUPPORTED,
                "DS",
                () -> driver.checkProcessFormat(new Vmsav8_64(Vmsav8_64.Granule.SIZE_4K, 16, 52, 0, false)));
    }

    @Test
    void memoryThatHardwareCannotAddressIsARefusal() {
        fixture.smmu.set(0x14, ScriptedSmmu.IDR5 & ~7L);
        fixture.start();
        driver.checkProcessFormat(Vmsav8_64.LINUX_4K);

        assertRefused(SvaError.INVALID, "root", () -> driver.openContext(Vmsav8_64.LINUX_4K, 0x1_0000_0000L));
        host.memory.ranges = List.of(new MemoryRange(0xFFFF_F000L, 0x1001));
        assertRefused(SvaError.UNSUPPORTED, "32 bits", () -> driver.checkProcessFormat(Vmsav8_64.LINUX_4K));
    }

    @Test
    void aRootHasToBeAligned() {
        fixture.start();

        assertRefused(SvaError.INVALID, "0x81234800", () -> driver.openContext(Vmsav8_64.LINUX_4K, 0x8123_4800L));
    }

    @Test
    void contextsOfAnotherUnitAreNotTaken() {
        fixture.attach();
        Fixture other = new Fixture();
        TranslationContext foreign = other.start().context();

        assertThatThrownBy(() -> driver.setPasid(SID, PASID, foreign, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ASIDs.

    @Test
    void everyOpenContextHasAnAsidOfItsOwnAndNever0() {
        fixture.smmu.set(0x00, ScriptedSmmu.IDR0 & ~(1L << 12));
        fixture.start();
        Set<String> tags = new HashSet<>();
        TranslationContext last = fixture.context();
        tags.add(last.tag());
        for (int i = 1; i < 255; i++) {
            last = fixture.context();
            tags.add(last.tag());
        }

        assertThat(tags).hasSize(255).doesNotContain("ASID 0");
        assertRefused(SvaError.NO_SPACE, "8 bits", fixture::context);

        String freed = last.tag();
        driver.closeContext(last);
        assertThat(fixture.context().tag()).isEqualTo(freed);
    }

    @Test
    void anAsidRestsAsLongAsPossible() {
        fixture.start();
        TranslationContext first = fixture.context();
        driver.closeContext(first);

        assertThat(fixture.context().tag()).isNotEqualTo(first.tag());
    }

    @Test
    void anAsidThatMayStillBeCachedIsNotGivenAgain() {
        fixture.smmu.set(0x00, ScriptedSmmu.IDR0 & ~(1L << 12));
        fixture.start();
        TranslationContext context = fixture.context();
        fixture.smmu.holds = true;
        assertThatThrownBy(() -> driver.closeContext(context)).isInstanceOf(SvaException.class);
        fixture.smmu.holds = false;
        fixture.smmu.consume(100);

        for (int i = 0; i < 254; i++) {
            assertThat(fixture.context().tag()).isNotEqualTo(context.tag());
        }
        assertRefused(SvaError.NO_SPACE, "", fixture::context);
    }

    @Test
    void aCdThatCouldNotBeClearedKeepsItsAsidUntilTheDeviceIsDetached() {
        fixture.smmu.set(0x00, ScriptedSmmu.IDR0 & ~(1L << 12));
        TranslationContext context = fixture.bound();
        fixture.smmu.holds = true;
        assertRefused(SvaError.TIMED_OUT, "CMD_CFGI_CD", () -> driver.clearPasid(SID, PASID));
        fixture.smmu.holds = false;
        fixture.smmu.consume(100);

        driver.closeContext(context);
        for (int i = 0; i < 254; i++) {
            fixture.context();
        }
        assertRefused(SvaError.NO_SPACE, "", fixture::context);

        driver.detachDevice(SID);
        assertThat(fixture.context().tag()).isEqualTo(context.tag());
    }

    @Test
    void anEntryThatHardwareDidNotConfirmCanBeCleared() {
        fixture.attach();
        TranslationContext context = fixture.context();
        fixture.smmu.holds = true;
        assertRefused(SvaError.TIMED_OUT, "CMD_CFGI_CD", () -> driver.setPasid(SID, PASID, context, false));
        fixture.smmu.holds = false;
        fixture.smmu.consume(100);

        driver.clearPasid(SID, PASID);
        driver.closeContext(context);

        assertThat(fixture.cd(SID, PASID)).containsOnly(0);
    }

    @Test
    void aDetachThatTimesOutKeepsTheTablesThatHardwareMayUse() {
        fixture.attach();
        long before = host.frames.allocatedBytes();
        fixture.smmu.holds = true;
        assertThatThrownBy(() -> driver.detachDevice(SID)).isInstanceOf(SvaException.class);
        assertThat(host.frames.allocatedBytes()).isEqualTo(before);
        fixture.smmu.holds = false;
        fixture.smmu.consume(100);

        driver.detachDevice(SID);

        assertThat(host.frames.allocatedBytes()).isLessThan(before);
    }

    @Test
    void anAtcBelongsToTheTargetsBeforeTheSteAllowsIt() {
        fixture.attach();
        TranslationContext context = fixture.context();
        driver.setPasid(SID, PASID, context, false);
        fixture.takeCommands();
        fixture.smmu.holds = true;
        host.stepping.duringWaits(() -> {
            fixture.smmu.holds = false;
            // Somebody else, while the STE is written and hardware may or may not have seen it.
            driver.invalidate(context, 0, 0xFFF, false);
        });

        driver.setAts(SID, true);

        assertThat(fixture.takeCommands()).extracting(Cmd::opcode).contains(0x40);
    }

    @Test
    void pointersToTablesComeAfterTheirContents() {
        fixture.attach();
        TranslationContext context = fixture.context();
        long[] ste = fixture.ste(SID);
        long l1 = (ste[0] & 0x00ff_ffff_ffff_ffc0L) + (PASID >> 10) * 8;
        boolean[] published = new boolean[1];
        host.memory.listener = new FakeMemory.Listener() {
            @Override
            public void stored(long pa, long value) {
                if (pa == l1) {
                    published[0] = true;
                    assertThat(host.memory.words(value & -0x1000L, 8192)).containsOnly(0);
                }
            }
        };

        driver.setPasid(SID, PASID, context, false);

        assertThat(published[0]).isTrue();
    }

    @Test
    void noEntryIsValidBeforeItsInvalidationsReachTheDevice() {
        fixture.attach();
        TranslationContext context = fixture.context();
        boolean[] seen = new boolean[1];
        host.memory.listener = new FakeMemory.Listener() {
            @Override
            public void stored(long pa, long value) {
                seen[0] = seen[0] || !((SmmuContext) context).bonds().isEmpty();
                if ((value & 0xffff_ffffL) == 0xc000_3510L) {
                    assertThat(((SmmuContext) context).bonds()).hasSize(1);
                }
            }
        };

        driver.setPasid(SID, PASID, context, false);

        assertThat(seen[0]).isTrue();
    }
}
