package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.CONTEXT;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.NEXT_PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.NEXT_PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PDE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.USER_RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is cached, and which descriptors drop it (chapter 6, tables 22 to 28). Descriptors are those of V6 and V7. */
class InvalidationTest {
    private static final Behaviour KEEPS =
            new Behaviour(0, Behaviour.UNBOUNDED, Behaviour.UNBOUNDED, false, true, false, false);

    private static final long CC_GLOBAL = 0x11;
    private static final long PC_PASID = 0x0001234500010017L;
    private static final long P_IOTLB_PASID = 0x0001234500010026L;
    private static final long P_IOTLB_PAGE = 0x0001234500010036L;

    private final TestVtd vtd = TestVtd.running(KEEPS);

    /** Whether the page is still reached after its leaf was cleared and a descriptor carried out. */
    private boolean survives(long... words) {
        vtd.memory.put(PTE, USER_RW);
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(PTE, 0);
        vtd.done(words);
        return vtd.reaches(PAGE);
    }

    @Test
    void aTranslationIsCachedUntilItIsInvalidated() {
        assertThat(survives(0x45)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001234500010026 0", // p_iotlb_inv, PASID
                "0001234500010036 00007f1234567000", // pages, AM 0
                "0001234500010036 00007f1234566001", // AM 1
                "0001234500010036 00007f1234560004", // AM 4
                "0001234500010036 00007f1234400009", // AM 9
                "0001234500010036 00007f1234400049", // AM 9, IH 1
                "0001234500010036 0000000000000024", // AM 36
                "0001234500010036 000000000000003f", // AM 63
                "00000000000100e2 0", // iotlb_inv, domain
                "00000000000100f2 0000000000001000", // pages elsewhere: of the first stage everything goes
                "00000000000000d2 0" // global
            })
    void isDroppedBy(String words) {
        String[] word = words.split(" ", -1);
        assertThat(survives(Long.parseUnsignedLong(word[0], 16), Long.parseUnsignedLong(word[1], 16)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001234500020026 0", // another domain
                "0001234400010026 0", // another PASID
                "0001234500010036 00007f1234568000", // another page
                "0001234500010036 00007f1234568001",
                "00000000000200e2 0",
                "0001234500010017 0", // the PASID cache is another
                "0000000000000011 0" // and the context cache
            })
    void isKeptBy(String words) {
        String[] word = words.split(" ", -1);
        assertThat(survives(Long.parseUnsignedLong(word[0], 16), Long.parseUnsignedLong(word[1], 16)))
                .isTrue();
    }

    @Test
    void aLargePageIsDroppedByAnyOfItsPages() {
        vtd.memory.put(PDE, 0x0000000140000087L);
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(PDE, 0);
        vtd.done(P_IOTLB_PAGE, 0x00007f1234400009L);
        assertThat(vtd.reaches(PAGE)).isFalse();
    }

    @Test
    void withIhTheTableOfThePageStaysCached() {
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(PDE, 0);
        vtd.memory.put(NEXT_PTE, USER_RW);
        vtd.done(P_IOTLB_PAGE, PAGE + 0x40);
        assertThat(vtd.reaches(NEXT_PAGE)).as("by way of the old table").isTrue();
    }

    @Test
    void withoutIhTheTableOfThePageGoesToo() {
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(PDE, 0);
        vtd.memory.put(NEXT_PTE, USER_RW);
        vtd.done(P_IOTLB_PAGE, PAGE);
        assertThat(vtd.reaches(NEXT_PAGE)).isFalse();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "0001234500010017, false", // PASID-selective
        "0000000000010007, false", // domain 1
        "0000000000000037, false", // global
        "0001234500020017, true", // another domain
        "0001234400010017, true", // another PASID
        "0000000000020007, true",
        "0001234500010026, true", // the IOTLB is another
        "0000000000000011, true" // and the context cache
    })
    void thePasidCacheKeepsAnEntryOrNot(String descriptor, boolean kept) {
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(PASID_ENTRY, 0);
        vtd.done(Long.parseLong(descriptor, 16));
        vtd.done(P_IOTLB_PASID);
        assertThat(vtd.reaches(PAGE)).isEqualTo(kept);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "00003a0000000031, false", // the function
        "0000000000000011, false", // global
        "0000000000070021, false", // any domain, as there is none in the entry
        "00003a0100000031, true", // function 1
        "00033a0700000031, false", // function 7 without bits 2:0
        "00033b0000000031, true", // another bus
        "0000000000000037, true" // the PASID cache is another
    })
    void theContextCacheKeepsAnEntryOrNot(String descriptor, boolean kept) {
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(CONTEXT, 0);
        vtd.done(Long.parseLong(descriptor, 16));
        assertThat(vtd.reaches(PAGE)).isEqualTo(kept);
    }

    @Test
    void nothingThatFaultsIsCached() {
        vtd.memory.put(CONTEXT, 0);
        assertThat(vtd.reaches(PAGE)).isFalse();
        vtd.memory.put(CONTEXT, 0x10010e1d);
        vtd.memory.put(PASID_ENTRY, 0);
        assertThat(vtd.reaches(PAGE)).isFalse();
        vtd.memory.put(PASID_ENTRY, 0x49);
        vtd.memory.put(PDE, 0);
        assertThat(vtd.reaches(PAGE)).isFalse();
        vtd.memory.put(PDE, 0x10043007);
        vtd.memory.put(PTE, 0);
        assertThat(vtd.reaches(PAGE)).isFalse();
        vtd.memory.put(PTE, USER_RW);
        assertThat(vtd.reaches(PAGE)).isTrue();
    }

    @Test
    void aRightThatIsAddedIsNotSeenThroughTheIotlb() {
        vtd.memory.put(PTE, 0x00000002abcde005L);
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(PTE, USER_RW);
        assertThat(vtd.write(PAGE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        vtd.done(P_IOTLB_PAGE, PAGE);
        assertThat(vtd.write(PAGE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void aRightThatIsTakenAwayIsUsedUntilTheInvalidation() {
        assertThat(vtd.write(PAGE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        vtd.memory.put(PTE, 0x00000002abcde065L);
        assertThat(vtd.write(PAGE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        vtd.done(P_IOTLB_PAGE, PAGE);
        assertThat(vtd.write(PAGE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
    }

    @Test
    void flagsThatSoftwareClearsAreSetAgainAfterTheInvalidation() {
        vtd.write(PAGE);
        vtd.memory.put(PTE, USER_RW);
        vtd.write(PAGE);
        assertThat(vtd.memory.load(PTE)).isEqualTo(USER_RW);
        vtd.done(P_IOTLB_PAGE, PAGE);
        vtd.write(PAGE);
        assertThat(vtd.memory.load(PTE)).isEqualTo(USER_RW + 0x60);
    }

    @Test
    void aNewRootTablePointerDropsEverything() {
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(TestVtd.ROOT_ENTRY, 0);
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.command(TestVtd.TE | TestVtd.QIE | TestVtd.SRTP);
        assertThat(vtd.reaches(PAGE)).isFalse();
    }

    @Test
    void withoutEsrtpsANewRootTablePointerDropsNothing() {
        TestVtd old = TestVtd.running(KEEPS, TestVtd.with(dev.sva4j.vendor.vtd.layout.CapabilityRegister.ESRTPS, 0));
        assertThat(old.reaches(PAGE)).isTrue();
        old.memory.put(TestVtd.ROOT_ENTRY, 0);
        old.command(TestVtd.TE | TestVtd.QIE | TestVtd.SRTP);
        assertThat(old.reaches(PAGE)).isTrue();
        old.done(CC_GLOBAL);
        assertThat(old.reaches(PAGE)).isFalse();
    }

    @Test
    void turningTranslationOffDropsEverything() {
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(PTE, 0);
        vtd.command(TestVtd.QIE);
        vtd.command(TestVtd.QIE | TestVtd.TE);
        assertThat(vtd.reaches(PAGE)).isFalse();
    }

    @Test
    void aForgetfulUnitNeedsNoInvalidation() {
        TestVtd forgetful = TestVtd.running(Behaviour.FORGETFUL);
        assertThat(forgetful.reaches(PAGE)).isTrue();
        forgetful.memory.put(PTE, 0);
        assertThat(forgetful.reaches(PAGE)).isFalse();
    }

    @Test
    void aSpeculativeUnitCachesNeighboursAndMarksThemAccessedOnly() {
        TestVtd eager = TestVtd.running(new Behaviour(0, 64, 64, true, false, false, false));
        long neighbour = PAGE ^ 0x1000;
        long neighbourEntry = PTE - 8;
        eager.memory.put(neighbourEntry, 0x00000002abcdd007L);
        assertThat(eager.write(PAGE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(eager.memory.load(neighbourEntry)).isEqualTo(0x00000002abcdd027L);
        eager.memory.put(neighbourEntry, 0);
        assertThat(eager.reaches(neighbour)).isTrue();
    }

    @Test
    void aNeighbourOfAPasidIsNotCachedBeforeItIsPresent() {
        TestVtd eager = TestVtd.running(Behaviour.TENACIOUS);
        long neighbourEntry = PASID_ENTRY - 64;
        assertThat(eager.reaches(PAGE)).isTrue();
        eager.memory.put(neighbourEntry + 8, 0x800001, 0x10040000);
        eager.memory.put(neighbourEntry, 0x49);
        assertThat(eager.submit(Dma.read(SID, PASID - 1, PAGE, 4)).outcome())
                .as("no invalidation is owed")
                .isEqualTo(CompletionStatus.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aFetchInPiecesLooksAtPFirst(long seed) {
        TestVtd shuffled = TestVtd.running(new Behaviour(seed, 64, 64, false, false, true, false));
        shuffled.memory.put(PASID_ENTRY, 0, 0, 0);
        // Software sets the entry up between any two reads of the fetch; P last.
        shuffled.memory.onLoad = pa -> {
            if (pa > PASID_ENTRY && pa < PASID_ENTRY + 64) {
                shuffled.memory.onLoad = other -> {};
                shuffled.memory.put(PASID_ENTRY + 8, 0x800001, 0x10040000);
                shuffled.memory.put(PASID_ENTRY, 0x49);
            }
        };
        assertThat(shuffled.reaches(PAGE)).isFalse();
        assertThat(shuffled.reaches(PAGE)).isTrue();
    }

    @Test
    void pcInvOfADomainReachesEveryFunction() {
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(CONTEXT + 0x20, 0x10010e1d);
        assertThat(vtd.submit(Dma.read(SID + 1, PASID, PAGE, 4)).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        vtd.memory.put(PASID_ENTRY, 0);
        vtd.done(PC_PASID);
        assertThat(vtd.reaches(PAGE)).isFalse();
        assertThat(vtd.submit(Dma.read(SID + 1, PASID, PAGE, 4)).outcome())
                .isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
    }
}
