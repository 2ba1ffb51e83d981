package dev.sva4j.spi.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fills against invalidations, and readers against writers. */
@Timeout(60)
class TranslationCacheTest {
    private static final long TAG = 7;
    private static final long OTHER_TAG = 8;

    private final AtomicLong epoch = new AtomicLong();

    private TranslationCache cache(int capacity) {
        return new TranslationCache(capacity, epoch);
    }

    private void fill(TranslationCache cache, long tag, long address, long word) {
        cache.fill(tag, address, 12, word, epoch.get());
    }

    @Test
    void anEntryIsFoundByEveryAddressInItAndNoOther() {
        TranslationCache cache = cache(64);
        cache.fill(TAG, 0x20_1234, 21, 5, epoch.get());
        assertThat(cache.find(TAG, 0x20_0000)).isEqualTo(5);
        assertThat(cache.find(TAG, 0x3f_ffff)).isEqualTo(5);
        assertThat(cache.find(TAG, 0x40_0000)).isEqualTo(TranslationCache.MISS);
        assertThat(cache.find(TAG, 0x1f_ffff)).isEqualTo(TranslationCache.MISS);
        assertThat(cache.find(OTHER_TAG, 0x20_0000)).isEqualTo(TranslationCache.MISS);
    }

    @Test
    void aCacheWithoutCapacityHoldsNothing() {
        TranslationCache cache = cache(0);
        fill(cache, TAG, 0x1000, 5);
        assertThat(cache.find(TAG, 0x1000)).isEqualTo(TranslationCache.MISS);
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {1, 2, 3, 4096, Integer.MAX_VALUE})
    void everyOtherCapacityHoldsSomething(int capacity) {
        TranslationCache cache = cache(capacity);
        fill(cache, TAG, 0x1000, 5);
        assertThat(cache.find(TAG, 0x1000)).isEqualTo(5);
        cache.invalidateAll();
        assertThat(cache.find(TAG, 0x1000)).isEqualTo(TranslationCache.MISS);
    }

    @Test
    void bothWaysOfASetAreUsedBeforeOneIsReplaced() {
        TranslationCache cache = cache(2);
        fill(cache, TAG, 0x1000, 1);
        fill(cache, TAG, 0x2000, 2);
        assertThat(cache.find(TAG, 0x1000)).isEqualTo(1);
        assertThat(cache.find(TAG, 0x2000)).isEqualTo(2);
        fill(cache, TAG, 0x3000, 3);
        assertThat(cache.find(TAG, 0x3000)).isEqualTo(3);
        fill(cache, TAG, 0x3000, 4);
        assertThat(cache.find(TAG, 0x3000)).as("the newer one").isEqualTo(4);
    }

    @Test
    void anUnboundedCacheKeepsAThousandPages() {
        TranslationCache cache = cache(Integer.MAX_VALUE);
        for (int page = 1; page <= 1000; page++) {
            fill(cache, TAG, page * 4096L, page);
        }
        int kept = 0;
        for (int page = 1; page <= 1000; page++) {
            kept += cache.find(TAG, page * 4096L) == page ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(990);
    }

    @Test
    void aFillFromBeforeAnInvalidationIsRefused() {
        TranslationCache cache = cache(64);
        long sampled = epoch.get();
        cache.invalidate(OTHER_TAG, 0x5000, 0x5fff);
        cache.fill(TAG, 0x1000, 12, 5, sampled);
        assertThat(cache.find(TAG, 0x1000)).isEqualTo(TranslationCache.MISS);
    }

    @Test
    void anInvalidationDropsWhatOverlapsItsRange() {
        TranslationCache cache = cache(64);
        cache.fill(TAG, 0x20_0000, 21, 1, epoch.get());
        fill(cache, TAG, 0x40_0000, 2);
        fill(cache, OTHER_TAG, 0x3f_f000, 3);
        cache.invalidate(TAG, 0x3f_ffff, 0x3f_ffff);
        assertThat(cache.find(TAG, 0x20_0000)).isEqualTo(TranslationCache.MISS);
        assertThat(cache.find(TAG, 0x40_0000)).isEqualTo(2);
        assertThat(cache.find(OTHER_TAG, 0x3f_f000)).isEqualTo(3);
    }

    @Test
    void aRangeOfMorePagesThanSetsIsDroppedAsWell() {
        TranslationCache cache = cache(8);
        fill(cache, TAG, 0x1000, 1);
        fill(cache, OTHER_TAG, 0x1000, 2);
        cache.invalidate(TAG, 0, 0xff_ffff);
        assertThat(cache.find(TAG, 0x1000)).isEqualTo(TranslationCache.MISS);
        assertThat(cache.find(OTHER_TAG, 0x1000)).isEqualTo(2);
    }

    @Test
    void tagsAreChosenByAPredicate() {
        TranslationCache cache = cache(64);
        fill(cache, TAG, 0x1000, 1);
        fill(cache, OTHER_TAG, 0x1000, 2);
        cache.invalidate(tag -> tag == OTHER_TAG, 0, 0x1fff);
        assertThat(cache.find(TAG, 0x1000)).isEqualTo(1);
        assertThat(cache.find(OTHER_TAG, 0x1000)).isEqualTo(TranslationCache.MISS);
    }

    @Test
    void theUpperHalfOfTheAddressSpaceIsBelowTheLower() {
        TranslationCache cache = cache(64);
        fill(cache, TAG, -4096L, 1);
        fill(cache, TAG, 0, 2);
        cache.invalidate(TAG, -4096L, -1);
        assertThat(cache.find(TAG, -1L)).isEqualTo(TranslationCache.MISS);
        assertThat(cache.find(TAG, 0)).isEqualTo(2);
    }

    /**
     * One set, refilled all the time with pages that contend for it: a reader must get a page's own word or a miss,
     * never a mix, which is what a reader that only checks the tag twice would get now and then.
     */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {1, 2, 8})
    void aReaderNeverSeesTheWordOfAnotherPage(int capacity) throws InterruptedException {
        TranslationCache cache = cache(capacity);
        AtomicLong wrong = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 2; thread++) {
            int first = thread;
            threads.add(new Thread(() -> {
                for (int i = first; i < 400_000; i++) {
                    long page = (i % 5 + 1) * 4096L;
                    fill(cache, TAG, page, page);
                    if (i % 16 == 0) {
                        cache.invalidate(TAG, page, page + 4095);
                    }
                }
            }));
            threads.add(new Thread(() -> {
                for (int i = 0; i < 400_000; i++) {
                    long page = (i % 5 + 1) * 4096L;
                    long found = cache.find(TAG, page);
                    if (found != TranslationCache.MISS && found != page) {
                        wrong.incrementAndGet();
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).hasValue(0);
    }
}
