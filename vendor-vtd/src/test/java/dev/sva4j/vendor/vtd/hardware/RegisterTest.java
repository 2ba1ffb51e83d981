package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.CAP;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.ECAP;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.GCMD;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.GSTS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IQA;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.QIE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.RTADDR;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SRTP;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.TE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.VER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.TransactionKind;
import org.junit.jupiter.api.Test;

/** The registers as software sees them (11.4). */
class RegisterTest {
    private final TestVtd vtd = new TestVtd(Behaviour.TYPICAL, CapabilityRegisters.PRODUCT);

    @Test
    void theCapabilitiesAreThoseOfVectorV18WithoutNesting() {
        assertThat(vtd.read64(CAP)).isEqualTo(0x81d2078c222f0406L);
        assertThat(vtd.read64(ECAP)).isEqualTo(0x0003ef9ea00050c7L);
        assertThat(vtd.read32(VER)).isEqualTo(0x80);
    }

    @Test
    void a64BitRegisterIsReadByHalves() {
        assertThat(vtd.read32(CAP)).isEqualTo(0x222f0406L);
        assertThat(vtd.read32(CAP + 4)).isEqualTo(0x81d2078cL);
    }

    @Test
    void a64BitRegisterIsWrittenByHalves() {
        vtd.write32(IQA, 0x10050801);
        vtd.write32(IQA + 4, 1);
        assertThat(vtd.read64(IQA)).isEqualTo(0x110050801L);
    }

    @Test
    void theCapabilitiesOfQemuAreKeptAsFarAsTheyAreImplemented() {
        // Vector V18: QEMU 10.0 with x-scalable-mode=on, x-flts=on.
        CapabilityRegisters qemu = new CapabilityRegisters(0x10, 0x01d2008c222f0606L, 0x0000880000f00f0aL, 48);
        CapabilityRegisters kept = qemu.implemented();
        assertThat(kept.cap()).isEqualTo(0x01d2008c222f0606L);
        assertThat(kept.ecap()).as("no interrupt remapping").isEqualTo(0x0000880000000f02L);
    }

    @Test
    void withoutScalableModeNothingThatNeedsItIsAnnounced() {
        CapabilityRegisters old = new CapabilityRegisters(0x10, 0x81d2078c222f0406L, 0x0003e79ea40050c7L, 46);
        assertThat(old.implemented().ecap())
                .as("C QI DT PT SC IRO NWFS DIT PDS")
                .isEqualTo(0x00000602000050c7L);
        assertThat(old.implemented().cap()).as("no FS1GP").isEqualTo(0x80d2078c222f0406L);
    }

    @Test
    void gcmdIsWriteOnlyAndGstsFollowsIt() {
        vtd.write32(GCMD, QIE);
        assertThat(vtd.read32(GCMD)).isZero();
        assertThat(vtd.read32(GSTS)).isEqualTo(0x0400_0000L);
    }

    @Test
    void rtaddrHasNoEffectUntilItIsTaken() {
        vtd.bringUp();
        vtd.write64(RTADDR, 0x2000_0000L);
        assertThat(vtd.read32(GSTS)).isEqualTo(0xc400_0000L);
        assertThat(vtd.reaches(TestVtd.PAGE)).isTrue();
    }

    @Test
    void commandsOfWhatIsNotThereDoNothing() {
        vtd.bringUp();
        vtd.write32(GCMD, TE | QIE | 0x0b80_0000);
        assertThat(vtd.read32(GSTS)).isEqualTo(0xc400_0000L);
    }

    @Test
    void aRootTableThatWasTakenStaysTaken() {
        vtd.write64(RTADDR, 0x1000_0400L);
        vtd.write32(GCMD, SRTP);
        vtd.write32(GCMD, TE);
        assertThat(vtd.read32(GSTS)).isEqualTo(0xc000_0000L);
    }

    @Test
    void invalidationByRegisterIsRefused() {
        vtd.write64(0x28, 0xa000_0000_0000_0000L);
        assertThat(vtd.read64(0x28)).as("ICC and CAIG").isZero();
        vtd.write64(0x508, 0x9000_0000_0000_0000L);
        assertThat(vtd.read64(0x508)).as("IVT and IAIG").isZero();
    }

    @Test
    void unknownRegistersReadZero() {
        vtd.write32(0x64, 1);
        assertThat(vtd.read32(0x64)).isZero();
        assertThat(vtd.read32(0x2000)).isZero();
    }

    @Test
    void everyKindOfTransactionButStallsIsCarried() {
        assertThat(vtd.hardware.carries())
                .containsExactlyInAnyOrder(
                        TransactionKind.UNTAGGED,
                        TransactionKind.PASID_TAGGED,
                        TransactionKind.ATS,
                        TransactionKind.PAGE_REQUEST,
                        TransactionKind.ATOMIC);
    }

    @Test
    void aUnitWithoutScalableModeCarriesNoPasids() {
        CapabilityRegisters old = new CapabilityRegisters(0x10, 0x00d2078c222f0406L, 0x50c2L, 46);
        assertThat(new TestVtd(Behaviour.TYPICAL, old).hardware.carries())
                .containsExactlyInAnyOrder(TransactionKind.UNTAGGED, TransactionKind.ATOMIC);
    }
}
