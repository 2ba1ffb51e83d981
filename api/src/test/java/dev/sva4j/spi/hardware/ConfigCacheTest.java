package dev.sva4j.spi.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConfigCacheTest {
    private final AtomicLong epoch = new AtomicLong();
    private final ConfigCache<String> cache = new ConfigCache<>(64, epoch);

    @Test
    void whatWasFilledIsFoundUnderItsKey() {
        cache.fill(1, "one", epoch.get());
        assertThat(cache.find(1)).isEqualTo("one");
        assertThat(cache.find(2)).isNull();
    }

    @Test
    void aCacheWithoutCapacityHoldsNothing() {
        ConfigCache<String> empty = new ConfigCache<>(0, epoch);
        empty.fill(1, "one", epoch.get());
        empty.invalidate(1);
        empty.invalidateIf(key -> true);
        empty.invalidateValues(value -> true);
        assertThat(empty.find(1)).isNull();
    }

    @Test
    void aFillFromBeforeAnInvalidationIsRefused() {
        long sampled = epoch.get();
        cache.invalidate(99);
        cache.fill(1, "one", sampled);
        assertThat(cache.find(1)).isNull();
    }

    @Test
    void anInvalidationOfAnotherCacheWithTheSameEpochCountsToo() {
        long sampled = epoch.get();
        new ConfigCache<String>(1, epoch).invalidateIf(key -> false);
        cache.fill(1, "one", sampled);
        assertThat(cache.find(1)).isNull();
    }

    @Test
    void oneKeyIsDropped() {
        cache.fill(1, "one", epoch.get());
        cache.fill(2, "two", epoch.get());
        cache.invalidate(1);
        assertThat(cache.find(1)).isNull();
        assertThat(cache.find(2)).isEqualTo("two");
    }

    @Test
    void keysAreChosenByAPredicate() {
        cache.fill(1, "one", epoch.get());
        cache.fill(2, "two", epoch.get());
        cache.invalidateIf(key -> key == 2);
        assertThat(cache.find(1)).isEqualTo("one");
        assertThat(cache.find(2)).isNull();
    }

    @Test
    void valuesAreChosenByAPredicate() {
        cache.fill(1, "one", epoch.get());
        cache.fill(2, "two", epoch.get());
        cache.invalidateValues("one"::equals);
        assertThat(cache.find(1)).isNull();
        assertThat(cache.find(2)).isEqualTo("two");
    }
}
