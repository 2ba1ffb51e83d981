package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.vendor.vtd.layout.Decoded.says;
import static dev.sva4j.vendor.vtd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors V6, V8, V9 and V11: what Linux's own builders make of the same arguments. */
class DescriptorVectorsTest {
    private static final int SID = 0x3A00;
    private static final int PASID = 0x12345;

    @Test
    void contextCacheInvalidate() {
        assertThat(ContextCacheInvalidate.deviceWord0(0, SID)).isEqualTo(0x0000_3a00_0000_0031L);
        assertThat(ContextCacheInvalidate.globalWord0()).isEqualTo(0x11);
        assertThat(ContextCacheInvalidate.domainWord0(0x42)).isEqualTo(0x42_0021);
    }

    @Test
    void theFunctionMaskWidensADeviceSelectiveInvalidation() {
        long device = ContextCacheInvalidate.deviceWord0(0, SID);
        assertThat(ContextCacheInvalidate.reachesDevice(device, SID)).isTrue();
        assertThat(ContextCacheInvalidate.reachesDevice(device, SID + 4)).isFalse();
        long bit2 = ContextCacheInvalidate.FM.put(device, 1);
        assertThat(ContextCacheInvalidate.reachesDevice(bit2, SID + 4)).isTrue();
        assertThat(ContextCacheInvalidate.reachesDevice(bit2, SID + 2)).isFalse();
        long bits2To1 = ContextCacheInvalidate.FM.put(device, 2);
        assertThat(ContextCacheInvalidate.reachesDevice(bits2To1, SID + 6)).isTrue();
        assertThat(ContextCacheInvalidate.reachesDevice(bits2To1, SID + 1)).isFalse();
        long whole = ContextCacheInvalidate.FM.put(device, 3);
        assertThat(ContextCacheInvalidate.reachesDevice(whole, SID + 7)).isTrue();
        assertThat(ContextCacheInvalidate.reachesDevice(whole, SID + 8)).isFalse();
    }

    @Test
    void pasidCacheInvalidate() {
        assertThat(PasidCacheInvalidate.pasidWord0(1, PASID)).isEqualTo(0x0001_2345_0001_0017L);
        assertThat(PasidCacheInvalidate.domainWord0(1)).isEqualTo(0x1_0007);
        assertThat(PasidCacheInvalidate.globalWord0()).isEqualTo(0x37);
    }

    @Test
    void iotlbInvalidate() {
        assertThat(IotlbInvalidate.domainWord0(0x42, true)).isEqualTo(0x42_00e2);
        assertThat(IotlbInvalidate.pageWord0(0x42, true)).isEqualTo(0x42_00f2);
        assertThat(IotlbInvalidate.pageWord1(0x1234_5000, 0, false)).isEqualTo(0x1234_5000);
        assertThat(IotlbInvalidate.globalWord0(true)).isEqualTo(0xd2);
    }

    @Test
    void interruptEntryCacheInvalidate() {
        assertThat(InterruptEntryCacheInvalidate.globalWord0()).isEqualTo(0x4);
        assertThat(InterruptEntryCacheInvalidate.indexWord0(0x20, 2)).isEqualTo(0x20_1000_0014L);
    }

    @Test
    void pasidIotlbInvalidate() {
        assertThat(PasidIotlbInvalidate.pasidWord0(1, PASID)).isEqualTo(0x0001_2345_0001_0026L);
        assertThat(PasidIotlbInvalidate.pageWord0(1, PASID)).isEqualTo(0x0001_2345_0001_0036L);
    }

    @Test
    void deviceTlbInvalidate() {
        assertThat(DeviceTlbInvalidate.word0(SID, 0, 0)).isEqualTo(0x0000_3a00_0000_0003L);
        // PFSID and MIP by the fields of the sheet: no vector has them.
        says(
                DeviceTlbInvalidate.LAYOUT,
                words(DeviceTlbInvalidate.word0(0x3A09, 0x3A01, 16)),
                "Type = 3",
                "PFSID = 0x3a01",
                "MIP = 0x10",
                "SID = 0x3a09");
    }

    @Test
    void pasidDeviceTlbInvalidate() {
        assertThat(PasidDeviceTlbInvalidate.word0(SID, PASID, 0, 0)).isEqualTo(0x0001_2345_3a00_0008L);
        assertThat(PasidDeviceTlbInvalidate.word0(SID, PASID, SID, 0)).isEqualTo(0x3a01_2345_3a00_0008L);
        assertThat(PasidDeviceTlbInvalidate.word0(0x3A09, PASID, 0x3A01, 0)).isEqualTo(0x3a01_2345_3a09_1008L);
        assertThat(PasidDeviceTlbInvalidate.word0(SID, PASID, 0, 16)).isEqualTo(0x0001_2345_3a00_0108L);
    }

    @Test
    void invalidationWait() {
        assertThat(InvalidationWait.statusWord0(2, false)).isEqualTo(0x2_0000_0025L);
        assertThat(InvalidationWait.statusWord0(2, true)).isEqualTo(0x2_0000_00a5L);
        assertThat(InvalidationWait.statusWord1(0x1006_0010)).isEqualTo(0x1006_0010);
        assertThat(InvalidationWait.fenceWord0()).isEqualTo(0x45);
        assertThat(InvalidationWait.interruptWord0()).isEqualTo(0x15);
    }

    @Test
    void pageGroupResponse() {
        assertThat(PageGroupResponse.word0(SID, true, PASID, PageGroupResponse.RC_SUCCESS))
                .isEqualTo(0x0001_2345_3a00_0019L);
        assertThat(PageGroupResponse.word0(SID, true, PASID, PageGroupResponse.RC_INVALID_REQUEST))
                .isEqualTo(0x0001_2345_3a00_1019L);
        assertThat(PageGroupResponse.word0(SID, true, PASID, PageGroupResponse.RC_RESPONSE_FAILURE))
                .isEqualTo(0x0001_2345_3a00_f019L);
        assertThat(PageGroupResponse.word0(SID, false, PASID, PageGroupResponse.RC_SUCCESS))
                .isEqualTo(0x3a00_0009L);
        assertThat(PageGroupResponse.word1(5)).isEqualTo(0x28);
    }

    @Test
    void theBitThatOlderSoftwareSetsInAResponseIsNotReserved() {
        assertThat(PageGroupResponse.LAYOUT.hasReservedBitsSet(0x0001_2345_3a00_0019L, 0x2c, 0, 0))
                .isFalse();
        assertThat(PageGroupResponse.PRGI.get(0x2c)).isEqualTo(5);
    }

    /** QEMU's masks, which leave out the type in 11:9. Its mask for p_dev_tlb_inv counts PFSID as reserved. */
    @ParameterizedTest
    @CsvSource({
        "CC_INV, fffc00000000f1c0, ffffffffffffffff",
        "IOTLB_INV, ffffffff0000f100, f80",
        "P_IOTLB_INV, fff000000000f1c0, f80",
        "PC_INV, fff000000000f1c0, ffffffffffffffff",
        "PAGE_GRP_RESP, fff00000000001e0, fffffffffffff003",
    })
    void reservedBitsAreThoseOfQemu(InvalidationDescriptor descriptor, String word0, String word1) {
        assertThat(descriptor.layout().reservedMask(0)).isEqualTo(Long.parseUnsignedLong(word0, 16));
        assertThat(descriptor.layout().reservedMask(1)).isEqualTo(Long.parseUnsignedLong(word1, 16));
        assertThat(descriptor.layout().reservedMask(2)).isEqualTo(-1L);
        assertThat(descriptor.layout().reservedMask(3)).isEqualTo(-1L);
    }

    @Test
    void onlyThePfsidDistinguishesThisLayoutFromTheMaskOfQemu() {
        assertThat(PasidDeviceTlbInvalidate.LAYOUT.reservedMask(0)).isZero();
        assertThat(PasidDeviceTlbInvalidate.PFSID.mask(0)).isEqualTo(0xfff0_0000_0000_f000L);
        assertThat(PasidDeviceTlbInvalidate.LAYOUT.reservedMask(1)).isEqualTo(0x7fe);
    }

    @ParameterizedTest
    @CsvSource({
        "CC_INV, 1, false",
        "IOTLB_INV, 2, false",
        "DEV_TLB_INV, 3, false",
        "IEC_INV, 4, false",
        "INV_WAIT, 5, false",
        "P_IOTLB_INV, 6, true",
        "PC_INV, 7, true",
        "P_DEV_TLB_INV, 8, true",
        "PAGE_GRP_RESP, 9, true",
    })
    void theTypeNamesTheDescriptor(InvalidationDescriptor descriptor, long type, boolean scalableOnly) {
        assertThat(InvalidationDescriptor.of(type)).isEqualTo(descriptor);
        assertThat(descriptor.type()).isEqualTo((int) type);
        assertThat(descriptor.isScalableOnly()).isEqualTo(scalableOnly);
    }

    @Test
    void theTypeHasUpperBits() {
        assertThat(InvalidationDescriptor.of(0x11)).isEqualTo(InvalidationDescriptor.CC_INV);
        assertThat(InvalidationDescriptor.of(0x211)).isNull();
        assertThat(InvalidationDescriptor.of(0x801)).isNull();
        assertThat(InvalidationDescriptor.of(0)).isNull();
        assertThat(InvalidationDescriptor.of(0xA)).isNull();
    }
}
