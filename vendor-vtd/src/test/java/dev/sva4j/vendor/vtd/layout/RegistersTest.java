package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.vendor.vtd.layout.Decoded.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.LayoutField;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vectors V1, V5 and V18, and the registers of machines that Linux ran on. */
class RegistersTest {
    /** The model of V18, and QEMU as the golden dump has it. */
    private static final long CAP = 0x81d2_078c_222f_0406L;

    private static final long ECAP = 0x0003_ef9e_a400_50c7L;
    private static final long QEMU_CAP = 0xd2_008c_222f_0606L;
    private static final long QEMU_ECAP = 0x4800_80f0_0f4aL;

    @Test
    void theRootTableAddressHoldsTheMode() {
        assertThat(RootTableAddress.encode(0x1000_0000, RootTableAddress.TTM_SCALABLE))
                .isEqualTo(0x1000_0400);
        says(RootTableAddress.RTADDR, 0x1_01d0_3400L, "TTM = 1 (scalable)", "RTA = 0x101d03000");
    }

    @Test
    void theInvalidationQueueOfTwoPagesHas256WideDescriptors() {
        long iqa = InvalidationQueue.encode(0x1005_0000, true, 1);
        assertThat(iqa).isEqualTo(0x1005_0801);
        assertThat(InvalidationQueue.entries(iqa)).isEqualTo(256);
        assertThat(InvalidationQueue.descriptorBytes(iqa)).isEqualTo(32);
        assertThat(InvalidationQueue.bytes(iqa)).isEqualTo(8192);
        says(InvalidationQueue.IQA, iqa, "QS = 1", "DW = 1", "IQA = 0x10050000");
    }

    @Test
    void narrowDescriptorsAreTwiceAsMany() {
        long iqa = InvalidationQueue.encode(0x1005_0000, false, 1);
        assertThat(InvalidationQueue.entries(iqa)).isEqualTo(512);
        assertThat(InvalidationQueue.next(0, iqa)).isEqualTo(16);
    }

    @Test
    void theInvalidationQueueStartsAnewAtItsEnd() {
        long iqa = InvalidationQueue.encode(0x1005_0000, true, 1);
        assertThat(InvalidationQueue.next(0x1fc0, iqa)).isEqualTo(0x1fe0);
        assertThat(InvalidationQueue.next(0x1fe0, iqa)).isZero();
        assertThat(InvalidationQueue.descriptorAddress(iqa, 0x1fe0)).isEqualTo(0x1005_1fe0);
    }

    @Test
    void thePageRequestQueueOf16PagesHas2048Requests() {
        long pqa = PageRequestQueueRegisters.encode(0x1007_0000, 4);
        assertThat(pqa).isEqualTo(0x1007_0004);
        assertThat(PageRequestQueueRegisters.entries(pqa)).isEqualTo(2048);
        assertThat(PageRequestQueueRegisters.bytes(pqa)).isEqualTo(64 * 1024);
        assertThat(PageRequestQueueRegisters.requestAddress(pqa, 0xffe0)).isEqualTo(0x1007_ffe0);
        says(PageRequestQueueRegisters.PQA, pqa, "PQS = 4", "PQA = 0x10070000");
    }

    @Test
    void thePageRequestQueueIsFullWithOneRequestUnused() {
        long pqa = PageRequestQueueRegisters.encode(0x1007_0000, 4);
        assertThat(PageRequestQueueRegisters.isFull(0, 0xffe0, pqa)).isTrue();
        assertThat(PageRequestQueueRegisters.isFull(0x40, 0x20, pqa)).isTrue();
        assertThat(PageRequestQueueRegisters.isFull(0x40, 0x40, pqa)).isFalse();
    }

    @Test
    void theCapabilitiesOfTheModelAreDecoded() {
        says(
                CapabilityRegister.CAP,
                CAP,
                "ND = 6",
                "SAGAW = 4",
                "MGAW = 0x2f",
                "FRO = 0x22",
                "SSLPS = 3",
                "PSI = 1",
                "NFR = 7",
                "MAMV = 0x12",
                "DWD = 1",
                "DRD = 1",
                "FS1GP = 1",
                "ESRTPS = 1");
        assertThat(CapabilityRegister.domainIdBits(CAP)).isEqualTo(16);
        assertThat(CapabilityRegister.guestAddressBits(CAP)).isEqualTo(48);
        assertThat(CapabilityRegister.faultRecords(CAP)).isEqualTo(8);
        assertThat(CapabilityRegister.faultRecordOffset(CAP, 0)).isEqualTo(0x220);
        assertThat(CapabilityRegister.faultRecordOffset(CAP, 7)).isEqualTo(0x290);
        assertThat(CapabilityRegister.supportsWidth(CAP, AddressWidth.BITS_48)).isTrue();
        assertThat(CapabilityRegister.supportsWidth(CAP, AddressWidth.BITS_39)).isFalse();
        assertThat(CapabilityRegister.secondStage2M(CAP)).isTrue();
        assertThat(CapabilityRegister.secondStage1G(CAP)).isTrue();
    }

    @Test
    void theExtendedCapabilitiesOfTheModelAreDecoded() {
        says(
                ExtendedCapabilityRegister.ECAP,
                ECAP,
                "C = 1",
                "QI = 1",
                "DT = 1",
                "PT = 1",
                "SC = 1",
                "IRO = 0x50",
                "NEST = 1",
                "PRS = 1",
                "SRS = 1",
                "NWFS = 1",
                "EAFS = 1",
                "PSS = 0x13",
                "PASID = 1",
                "DIT = 1",
                "PDS = 1",
                "SMTS = 1",
                "SSADS = 1",
                "SSTS = 1",
                "FSTS = 1",
                "SMPWCS = 1",
                "RPS = 1");
        assertThat(ExtendedCapabilityRegister.pasidBits(ECAP)).isEqualTo(20);
        assertThat(ExtendedCapabilityRegister.iotlbOffset(ECAP)).isEqualTo(0x500);
    }

    @Test
    void theCapabilitiesOfQemuAreDecoded() {
        says(
                CapabilityRegister.CAP,
                QEMU_CAP,
                "ND = 6",
                "SAGAW = 6",
                "MGAW = 0x2f",
                "FRO = 0x22",
                "SSLPS = 3",
                "PSI = 1",
                "MAMV = 0x12",
                "DWD = 1",
                "DRD = 1");
        says(
                ExtendedCapabilityRegister.ECAP,
                QEMU_ECAP,
                "QI = 1",
                "IR = 1",
                "PT = 1",
                "IRO = 0xf",
                "MHMV = 0xf",
                "SRS = 1",
                "SMTS = 1",
                "SSTS = 1");
        assertThat(ExtendedCapabilityRegister.iotlbOffset(QEMU_ECAP)).isEqualTo(0xF0);
        says(GlobalCommand.GSTS, 0xc700_0000L, "IRTPS = 1", "IRES = 1", "QIES = 1", "RTPS = 1", "TES = 1");
    }

    @Test
    void theNextCommandRepeatsNoOneShot() {
        assertThat(GlobalCommand.kept(0xc700_0000L)).isEqualTo(0x8600_0000L);
        assertThat(GlobalCommand.kept(0xffff_ffffL)).isEqualTo(0x96ff_ffffL);
    }

    @Test
    void commandAndStatusBitsAreAtTheSamePlaces() {
        assertThat(GlobalCommand.GSTS.fields())
                .extracting(LayoutField::position)
                .isEqualTo(GlobalCommand.GCMD.fields().stream()
                        .map(LayoutField::position)
                        .toList());
    }

    @Test
    void anErrorIsClearedByWritingOne() {
        long all = FaultStatus.PFO.mask() | FaultStatus.PPF.mask() | FaultStatus.IQE.mask() | FaultStatus.FRI.encode(3);
        assertThat(FaultStatus.FSTS.afterWrite(all, 0)).isEqualTo(all);
        assertThat(FaultStatus.FSTS.afterWrite(all, -1L)).isEqualTo(FaultStatus.PPF.mask() | FaultStatus.FRI.encode(3));
    }

    @Test
    void softwareCannotWriteThatAMessageWaits() {
        assertThat(List.of(EventRegisters.FECTL, EventRegisters.IECTL, EventRegisters.PECTL))
                .allSatisfy(control -> assertThat(control.afterWrite(0, -1L)).isEqualTo(EventRegisters.IM.mask()));
    }

    @Test
    void theThreeInterruptsHaveOneShape() {
        assertThat(List.of(EventRegisters.FECTL, EventRegisters.IECTL, EventRegisters.PECTL))
                .extracting(RegisterLayout::offset)
                .containsExactly(0x38L, 0xA0L, 0xE0L);
        assertThat(List.of(EventRegisters.FEUADDR, EventRegisters.IEUADDR, EventRegisters.PEUADDR))
                .extracting(RegisterLayout::offset)
                .containsExactly(0x44L, 0xACL, 0xECL);
        assertThat(EventRegisters.messageAddress(0xfee0_0004L, 0x12)).isEqualTo(0x12_fee0_0004L);
    }

    @Test
    void theMapIsSortedAndRegistersDoNotOverlap() {
        long end = 0;
        for (RegisterLayout register : Registers.ALL) {
            assertThat(register.offset()).as("%s", register).isGreaterThanOrEqualTo(end);
            end = register.offset() + register.width() / 8;
            assertThat(Registers.at(register.offset())).isSameAs(register);
            assertThat(Registers.named(register.name())).isSameAs(register);
        }
        assertThat(end).isLessThanOrEqualTo(Registers.BYTES);
        assertThat(Registers.ALL).hasSize(35);
    }

    /** The table of the manual, one by one: sorting alone would not find two that have changed places. */
    @Test
    void theRegistersAreWhereTheManualHasThem() {
        assertThat(Registers.ALL)
                .extracting(RegisterLayout::toString)
                .containsExactly(
                        "VER at 0x0",
                        "CAP at 0x8",
                        "ECAP at 0x10",
                        "GCMD at 0x18",
                        "GSTS at 0x1c",
                        "RTADDR at 0x20",
                        "CCMD at 0x28",
                        "FSTS at 0x34",
                        "FECTL at 0x38",
                        "FEDATA at 0x3c",
                        "FEADDR at 0x40",
                        "FEUADDR at 0x44",
                        "PMEN at 0x64",
                        "PLMBASE at 0x68",
                        "PLMLIMIT at 0x6c",
                        "PHMBASE at 0x70",
                        "PHMLIMIT at 0x78",
                        "IQH at 0x80",
                        "IQT at 0x88",
                        "IQA at 0x90",
                        "ICS at 0x9c",
                        "IECTL at 0xa0",
                        "IEDATA at 0xa4",
                        "IEADDR at 0xa8",
                        "IEUADDR at 0xac",
                        "IQERCD at 0xb0",
                        "IRTA at 0xb8",
                        "PQH at 0xc0",
                        "PQT at 0xc8",
                        "PQA at 0xd0",
                        "PRS at 0xdc",
                        "PECTL at 0xe0",
                        "PEDATA at 0xe4",
                        "PEADDR at 0xe8",
                        "PEUADDR at 0xec");
    }
}
