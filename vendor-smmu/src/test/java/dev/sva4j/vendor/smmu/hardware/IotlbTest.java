package dev.sva4j.vendor.smmu.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The IOTLB by itself: tags and fills against invalidations. */
@Timeout(60)
class IotlbTest {
    private static final Features FEATURES = new Features(IdRegisters.PRODUCT);

    private final AtomicLong epoch = new AtomicLong();
    private final AsidTags tags = new AsidTags();
    private final ContextConfig cd = context(1);

    private static ContextConfig context(int asid) {
        StreamConfig stream =
                StreamConfig.decode(0, new long[] {TestSmmu.STE0, TestSmmu.STE1, 0, 0, 0, 0, 0, 0}, FEATURES);
        long word0 = ContextDescriptor.ASID.put(TestSmmu.CD0, asid);
        return ContextConfig.decode(new long[] {word0, TestSmmu.TTB0, 0, 0, 0, 0, 0, 0}, stream, FEATURES);
    }

    private Iotlb cache(int capacity) {
        return new Iotlb(capacity, tags, epoch);
    }

    private static long leaf(long output) {
        return Leaf.of(output, 12, Permissions.ALL, false);
    }

    private void fill(Iotlb cache, ContextConfig context, long address, long leaf) {
        cache.fill(context, tags.of(context.asid), address, leaf, epoch.get());
    }

    @Test
    void aLeafIsFoundByEveryAddressInItAndNoOther() {
        Iotlb cache = cache(64);
        fill(cache, cd, 0x20_0000, Leaf.of(0x8000_0000L, 21, Permissions.ALL, false));
        assertThat(cache.find(cd, 0x20_0000)).isNotEqualTo(Iotlb.MISS);
        assertThat(cache.find(cd, 0x3f_ffff)).isNotEqualTo(Iotlb.MISS);
        assertThat(cache.find(cd, 0x40_0000)).isEqualTo(Iotlb.MISS);
        assertThat(cache.find(cd, 0x1f_ffff)).isEqualTo(Iotlb.MISS);
        assertThat(cache.find(context(2), 0x20_0000)).isEqualTo(Iotlb.MISS);
    }

    @Test
    void aFillFromBeforeAnInvalidationIsRefused() {
        Iotlb cache = cache(64);
        long sampled = epoch.get();
        cache.invalidate(7, 0x5000, 1);
        cache.fill(cd, tags.of(1), 0x1000, leaf(0x8000_0000L), sampled);
        assertThat(cache.find(cd, 0x1000)).isEqualTo(Iotlb.MISS);
        fill(cache, cd, 0x1000, leaf(0x8000_0000L));
        assertThat(cache.find(cd, 0x1000)).isNotEqualTo(Iotlb.MISS);
    }

    @Test
    void aFillWithATagFromBeforeTheAsidWasRenewedIsNeverFound() {
        Iotlb cache = cache(64);
        long tag = tags.of(1);
        tags.renew(1);
        cache.fill(cd, tag, 0x1000, leaf(0x8000_0000L), epoch.get());
        assertThat(cache.find(cd, 0x1000)).isEqualTo(Iotlb.MISS);
    }

    @Test
    void invalidationAtTheEndsOfTheAddressSpaceStopsThere() {
        Iotlb cache = cache(64);
        ContextConfig upper = context(3);
        fill(cache, upper, -4096L, leaf(0x8000_0000L));
        fill(cache, upper, 0, leaf(0x8000_1000L));
        cache.invalidate(3, -4096L, 4096);
        assertThat(cache.find(upper, -1L)).isEqualTo(Iotlb.MISS);
        assertThat(cache.find(upper, 0)).isNotEqualTo(Iotlb.MISS);
        cache.invalidate(3, 0, Long.MAX_VALUE);
        assertThat(cache.find(upper, 0)).isEqualTo(Iotlb.MISS);
    }

    /**
     * A filler keeps filling what it read from a table; whoever changes the table invalidates and must not find the old
     * value.
     */
    @Test
    void afterAnInvalidationNobodyFindsWhatWasThereBefore() throws InterruptedException {
        Iotlb cache = cache(4);
        AtomicLong table = new AtomicLong(0x8000_0000L);
        AtomicLong rounds = new AtomicLong();
        Thread filler = new Thread(() -> {
            while (rounds.get() < 100_000) {
                long sampled = epoch.get();
                long tag = tags.of(1);
                cache.fill(cd, tag, 0x1000, leaf(table.get()), sampled);
            }
        });
        filler.start();
        long wrong = 0;
        while (rounds.incrementAndGet() < 100_000) {
            long value = 0x8000_0000L + rounds.get() * 4096;
            table.set(value);
            if (rounds.get() % 2 == 0) {
                cache.invalidate(1, 0x1000, 1);
            } else {
                epoch.incrementAndGet();
                tags.renew(1);
            }
            long found = cache.find(cd, 0x1000);
            if (found != Iotlb.MISS && Leaf.base(found) != value) {
                wrong++;
            }
        }
        filler.join();
        assertThat(wrong).isZero();
    }
}
