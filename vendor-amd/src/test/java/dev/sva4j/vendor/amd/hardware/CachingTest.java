package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.DTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.GCR3_ENTRY;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PA;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PASID;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each command makes the caches forget, and what not (AMD-Vi 2.4), on hardware that keeps all that it may. */
class CachingTest {
    /** In another 2 MiB, so that of what is cached only the GCR3 entry is needed. */
    private static final long ELSEWHERE = 0x7f12_3461_2345L;

    private static final long ELSEWHERE_PA = 0xc001_2345L;

    private final TestAmd amd = TestAmd.running(Behaviour.TENACIOUS, FeatureRegisters.PRODUCT);

    private static long word(String hex) {
        return Long.parseUnsignedLong(hex, 16);
    }

    private void command(String word0, String word1) {
        amd.command(word(word0), word(word1));
        amd.host.runTasks();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "its page,          3000000700012345, 00007f1234567006",
        "its leaf,          3000000700012345, 00007f1234567004",
        "a range about it,  3000000700012345, 00007f12344ff007",
        "all of its PASID,  3000000700012345, 7ffffffffffff007",
        "all of its domain, 3000000700000000, 7ffffffffffff003",
        "everything,        8000000000000000, 0000000000000000",
    })
    void aTranslationIsUsedUntilTheInvalidationOf(String what, String word0, String word1) {
        amd.read(PASID, VA);
        amd.memory.put(PTE, 0);
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);

        command(word0, word1);

        assertThat(amd.read(PASID, VA)).isNegative();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "another page,       3000000700012345, 00007f1234568006",
        "another PASID,      3000000700012346, 7ffffffffffff007",
        "another domain,     3000000800012345, 7ffffffffffff007",
        "its device entry,   2000000000000300, 0000000000000000",
        "its device's TLB,   4145030020230300, 7ffffffffffff005",
        "an interrupt table, 5000000000000300, 0000000000000000",
    })
    void aTranslationStaysAfterTheInvalidationOf(String what, String word0, String word1) {
        amd.read(PASID, VA);
        amd.memory.put(PTE, 0);

        command(word0, word1);

        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "all of its PASID,  3000000700012345, 7ffffffffffff007",
        "all of its domain, 3000000700000000, 7ffffffffffff003",
        "everything,        8000000000000000, 0000000000000000",
    })
    void aGcr3EntryIsUsedUntilTheInvalidationOf(String what, String word0, String word1) {
        amd.read(PASID, VA);
        amd.memory.put(GCR3_ENTRY, 0);
        assertThat(amd.read(PASID, ELSEWHERE)).isEqualTo(ELSEWHERE_PA);

        command(word0, word1);

        assertThat(amd.read(PASID, ELSEWHERE)).isNegative();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the leaves of its PASID, 3000000700012345, 7ffffffffffff005",
        "a page,                  3000000700012345, 00007f1234567006",
        "another PASID,           3000000700012346, 7ffffffffffff007",
        "its device entry,        2000000000000300, 0000000000000000",
    })
    void aGcr3EntryStaysAfterTheInvalidationOf(String what, String word0, String word1) {
        amd.read(PASID, VA);
        amd.memory.put(GCR3_ENTRY, 0);

        command(word0, word1);

        assertThat(amd.read(PASID, ELSEWHERE)).isEqualTo(ELSEWHERE_PA);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "it,         2000000000000300, 0000000000000000",
        "everything, 8000000000000000, 0000000000000000",
    })
    void aDeviceTableEntryIsUsedUntilTheInvalidationOf(String what, String word0, String word1) {
        amd.read(PASID, VA);
        amd.memory.put(DTE, 3);
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);

        command(word0, word1);

        assertThat(amd.read(PASID, VA)).isNegative();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "that of another device, 2000000000000301, 0000000000000000",
        "all of its PASID,       3000000700012345, 7ffffffffffff007",
        "all of its domain,      3000000700000000, 7ffffffffffff003",
    })
    void aDeviceTableEntryStaysAfterTheInvalidationOf(String what, String word0, String word1) {
        amd.read(PASID, VA);
        amd.memory.put(DTE, 3);

        command(word0, word1);

        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
    }

    @Test
    void anInvalidDeviceTableEntryIsCachedToo() {
        amd.memory.put(DTE, 3);
        assertThat(amd.read(PASID, VA)).isNegative();
        amd.memory.put(DTE, 0x6590000000000003L);
        assertThat(amd.read(PASID, VA)).isNegative();

        command("2000000000000300", "0");

        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
    }

    @Test
    void whatIsNotPresentInAGuestTableIsNeverCached() {
        amd.memory.put(PTE, 0);
        assertThat(amd.read(PASID, VA)).isNegative();

        amd.memory.put(PTE, 0x80000000abcde007L);

        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
    }

    @Test
    void withoutCachesEveryChangeIsSeenAtOnce() {
        TestAmd forgetful = TestAmd.running(Behaviour.FORGETFUL, FeatureRegisters.PRODUCT);
        for (long entry : new long[] {PTE, GCR3_ENTRY, DTE}) {
            assertThat(forgetful.read(PASID, VA)).isEqualTo(PA);
            long before = forgetful.memory.load(entry);
            forgetful.memory.put(entry, entry == DTE ? 3 : 0);
            assertThat(forgetful.read(PASID, VA)).isNegative();
            forgetful.memory.put(entry, before);
        }
    }
}
