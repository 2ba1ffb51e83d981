package dev.sva4j.core.bond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets untagged traffic when several want it at the same time, under schedules chosen from seeds. */
@Timeout(60)
class UntaggedRacesTest {
    private static final long AT = 0x40_0000;
    private static final long PA = 0x1_0000_0000L;
    private static final long PAGE = 4096;
    private static final DeviceOptions OPTIONS =
            DeviceOptions.DEFAULT.withFeatures(DeviceFeature.PAGE_FAULTS, DeviceFeature.NO_PASID);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void exitAndBindAtTheSameTimeEndQuiescedOrWithoutABond(long seed) {
        race(seed, (own, dev) -> {
            AddressSpace mm = own.createAddressSpace("app");
            List<SvaError> refusals = together(own, mm::close, () -> dev.bindUntagged(mm, null));

            assertThat(refusals).isSubsetOf(SvaError.STALE);
            assertThat(dev.bonds()).allMatch(bond -> bond.state() == BondState.QUIESCED);
            assertThat(mm.isReclaimed()).isTrue();
            dev.bonds().forEach(SvaBond::unbind);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void exitAndUnbindAtTheSameTimeEndAlike(long seed) {
        race(seed, (own, dev) -> {
            AddressSpace mm = own.createAddressSpace("app");
            SvaBond bond = dev.bindUntagged(mm, null);

            together(own, mm::close, bond::unbind);

            assertThat(bond.state()).isEqualTo(BondState.NONE);
            assertThat(mm.isReclaimed()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void ofTwoProcessesOneGetsTheTraffic(long seed) {
        race(seed, (own, dev) -> {
            Runnable bind = () -> dev.bindUntagged(own.createAddressSpace("app"), null);

            List<SvaError> refusals = together(own, bind, bind);

            assertThat(refusals).containsExactly(SvaError.BUSY);
            assertThat(dev.bonds()).hasSize(1);
            dev.bonds().forEach(SvaBond::unbind);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void ofDomainAndProcessAtTheSameTimeOneIsRefused(long seed) {
        race(seed, (own, dev) -> {
            IoDomain domain = own.createDomain(IoDomain.Kind.PAGING, "buffers");

            List<SvaError> refusals = together(
                    own, () -> dev.attachUntagged(domain), () -> dev.bindUntagged(own.createAddressSpace("app"), null));

            assertThat(refusals).containsExactly(SvaError.BUSY);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void ofTwoDomainsAtTheSameTimeOneStaysAndTheOtherCanBeClosed(long seed) {
        race(seed, (own, dev) -> {
            List<IoDomain> domains =
                    List.of(own.createDomain(IoDomain.Kind.PAGING, "a"), own.createDomain(IoDomain.Kind.PAGING, "b"));

            List<SvaError> refusals =
                    together(own, () -> dev.attachUntagged(domains.get(0)), () -> dev.attachUntagged(domains.get(1)));

            assertThat(refusals).isEmpty();
            assertThat(domains.stream().map(each -> errorOf(each::close))).containsOnlyOnce(SvaError.BUSY);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void attachAndCloseOfADomainAtTheSameTimeLeaveItAttachedOrClosed(long seed) {
        race(seed, (own, dev) -> {
            IoDomain domain = own.createDomain(IoDomain.Kind.PAGING, "buffers");

            List<SvaError> refusals = together(own, () -> dev.attachUntagged(domain), domain::close);

            assertThat(refusals).hasSize(1).isSubsetOf(SvaError.BUSY, SvaError.STALE);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void aPageIsMappedAnewOnlyWhenEveryDeviceHasForgottenIt(long seed) {
        race(seed, (own, dev) -> {
            IoDomain domain = own.createDomain(IoDomain.Kind.PAGING, "buffers");
            domain.map(AT, PA, PAGE, Protection.READ);
            dev.attachUntagged(domain);
            boolean[] forgotten = new boolean[1];

            List<SvaError> refusals = together(
                    own,
                    () -> {
                        domain.unmap(AT, PAGE);
                        forgotten[0] = true;
                    },
                    () -> {
                        domain.map(AT, PA + PAGE, PAGE, Protection.READ);
                        assertThat(forgotten[0]).isTrue();
                    });

            assertThat(refusals).isSubsetOf(SvaError.EXISTS);
        });
    }

    private interface Race {
        void run(SvaSystem system, SvaDevice device);
    }

    /** Every call to the driver half lets others go on. */
    private static void race(long seed, Race race) {
        RecordingVendor slow = new RecordingVendor();
        SvaSystem own = SvaSystem.builder()
                .vendor(slow)
                .memory(1 << 22)
                .device(DeviceSpec.pci("dev0", 0x100))
                .seeded(seed)
                .build();
        slow.during = call -> own.scheduler().yieldPoint();
        own.scheduler().run("test", () -> {
            SvaDevice dev = own.initDevice("dev0", OPTIONS);
            race.run(own, dev);
            dev.close();
        });
        own.close();
    }

    /** Runs calls at the same time; the refusals. */
    private static List<SvaError> together(SvaSystem own, Runnable... calls) {
        List<SvaError> refusals = new CopyOnWriteArrayList<>();
        List<Scheduler.Task> tasks = new ArrayList<>();
        for (Runnable each : calls) {
            tasks.add(own.scheduler().spawn("call", () -> {
                SvaError error = errorOf(each);
                if (error != null) {
                    refusals.add(error);
                }
            }));
        }
        tasks.forEach(task -> task.join(Scheduler.NEVER));
        return refusals;
    }

    private static SvaError errorOf(Runnable call) {
        try {
            call.run();
            return null;
        } catch (SvaException e) {
            return e.error();
        }
    }
}
