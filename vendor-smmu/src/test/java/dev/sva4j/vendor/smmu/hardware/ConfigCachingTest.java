package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.L1CD;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.L1STD;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE1;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.TTB0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which copies of STEs, CDs and the descriptors above them stay, and what removes them (§3.21, §4.3). */
class ConfigCachingTest {
    private TestSmmu smmu = TestSmmu.running(new Behaviour(0, 0, Behaviour.UNBOUNDED, false, true, false, false));

    private boolean works() {
        boolean works = smmu.reaches(PAGE_VA);
        smmu.takeEvents();
        return works;
    }

    /** What a command makes hardware read again. */
    @ParameterizedTest(name = "{0}: L1STD {3}, STE {4}, L1CD {5}, CD {6}")
    @CsvSource({
        "CFGI_STE leaf,     0x0000123400000003, 1,    false, true,  true,  true",
        "CFGI_STE,          0x0000123400000003, 0,    true,  true,  true,  true",
        "CFGI_STE_RANGE,    0x0000120000000004, 7,    true,  true,  true,  true",
        "CFGI_ALL,          0x0000000000000004, 0x1f, true,  true,  true,  true",
        "CFGI_CD leaf,      0x0000123400c05005, 1,    false, false, false, true",
        "CFGI_CD,           0x0000123400c05005, 0,    false, false, true,  true",
        "CFGI_CD_ALL,       0x0000123400000006, 0,    false, false, true,  true",
        "CFGI_STE of another, 0x0000123500000003, 1,  false, false, false, false",
        "CFGI_STE_RANGE of others, 0x0000140000000004, 7, true, false, false, false",
        "CFGI_CD of another, 0x0000123400c06005, 1,   false, false, false, false",
        "CFGI_CD_ALL of another, 0x0000123500000006, 0, false, false, false, false",
        "TLBI_NH_ALL,       0x10,               0,    false, false, false, false",
        "TLBI_NSNH_ALL,     0x30,               0,    false, false, false, false",
    })
    void aCommandRemovesWhatItSaysAndNothingElse(
            String command, String word0, String word1, boolean l1std, boolean ste, boolean l1cd, boolean cd) {
        assertThat(works()).isTrue();
        smmu.done(Long.decode(word0), Long.decode(word1));
        Set<Long> read = reads();
        if (ste) {
            assertThat(read.contains(L1STD)).isEqualTo(l1std);
        }
        assertThat(read.contains(STE)).isEqualTo(ste);
        assertThat(read.contains(L1CD)).isEqualTo(l1cd);
        assertThat(read.contains(CD)).isEqualTo(cd);
    }

    /** What is read for one access. */
    private Set<Long> reads() {
        Set<Long> read = new HashSet<>();
        smmu.memory.onLoad = read::add;
        assertThat(works()).isTrue();
        smmu.memory.onLoad = pa -> {};
        return read;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "L1STD, 0x80100090, 0x0000123400000003, 0",
        "STE,   0x80300D00, 0x0000123400000003, 1",
        "L1CD,  0x80500018, 0x0000123400c05005, 0",
        "CD,    0x80510140, 0x0000123400c05005, 1",
    })
    void anInvalidStructureMayBeCachedAndIsSeenAnewAfterItsInvalidation(
            String structure, String address, String word0, String word1) {
        long at = Long.decode(address);
        long valid = smmu.memory.load(at);
        smmu.memory.put(at, 0);
        assertThat(works()).isFalse();
        smmu.memory.put(at, valid);
        assertThat(works()).isFalse();
        smmu.done(Long.decode(word0), Long.decode(word1));
        assertThat(works()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"L1STD, 0x80100090", "STE, 0x80300D00", "L1CD, 0x80500018", "CD, 0x80510140"})
    void aPoliteCacheKeepsNothingInvalid(String structure, String address) {
        smmu = TestSmmu.running();
        long at = Long.decode(address);
        long valid = smmu.memory.load(at);
        smmu.memory.put(at, 0);
        assertThat(works()).isFalse();
        smmu.memory.put(at, valid);
        assertThat(works()).isTrue();
    }

    @Test
    void aFetchThatAbortedIsNotCached() {
        smmu.memory.put(TestSmmu.L1CD, 0x7fff_0001L);
        assertThat(works()).isFalse();
        assertThat(works()).isFalse();
        smmu.memory.put(TestSmmu.L1CD, 0x80510001L);
        smmu.done(ConfigurationCommands.cfgiCdWord0(SID, SSID), ConfigurationCommands.cfgiCdWord1(false));
        assertThat(works()).isTrue();
    }

    @Test
    void theTableOfACachedSteIsTheOldOne() {
        assertThat(works()).isTrue();
        smmu.memory.put(STE, 0, 0);
        smmu.memory.put(CD, CD0, TTB0);
        smmu.done(ConfigurationCommands.cfgiCdWord0(SID, SSID), ConfigurationCommands.cfgiCdWord1(true));
        assertThat(works()).isTrue();
    }

    @Test
    void withoutCapacityEverythingIsReadEveryTime() {
        smmu = TestSmmu.running(Behaviour.FORGETFUL);
        reads();
        assertThat(reads()).contains(L1STD, STE, L1CD, CD);
    }

    @Test
    void withACapacityOfOneTheLastStreamStays() {
        smmu = TestSmmu.running(new Behaviour(0, 0, 1, false, false, false, false));
        reads();
        assertThat(reads()).doesNotContain(STE, CD);
        smmu.memory.put(STE + 64, STE0, STE1);
        assertThat(smmu.submit(Dma.read(SID + 1, SSID, PAGE_VA, 8)).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(reads()).contains(STE, CD);
    }

    @Test
    void speculationCachesTheNeighbourEvenIfItIsInvalid() {
        smmu = TestSmmu.running(Behaviour.TENACIOUS);
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        smmu.memory.put(CD - 64, CD0, TTB0);
        assertThat(smmu.submit(Dma.read(SID, SSID - 1, PAGE_VA, 8)).outcome())
                .isEqualTo(CompletionStatus.COMPLETER_ABORT);
        smmu.done(ConfigurationCommands.cfgiCdWord0(SID, SSID - 1), ConfigurationCommands.cfgiCdWord1(true));
        assertThat(smmu.submit(Dma.read(SID, SSID - 1, PAGE_VA, 8)).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void shuffledFetchesReadEveryWordOnceInChangingOrder() {
        Set<List<Long>> orders = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            smmu = TestSmmu.running(new Behaviour(seed, 0, 0, false, false, true, false));
            List<Long> order = new ArrayList<>();
            smmu.memory.onLoad = pa -> {
                if (pa >= CD && pa < CD + 64) {
                    order.add(pa);
                }
            };
            assertThat(smmu.reaches(PAGE_VA)).isTrue();
            assertThat(order).hasSize(8).doesNotHaveDuplicates();
            orders.add(order);
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    @Test
    void shuffledFetchesOfOneSeedRepeat() {
        List<List<Long>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            smmu = TestSmmu.running(new Behaviour(5, 0, 0, false, false, true, false));
            List<Long> order = new ArrayList<>();
            smmu.memory.onLoad = order::add;
            smmu.reaches(PAGE_VA);
            runs.add(order);
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1));
    }
}
