package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.vendor.amd.layout.Decoded.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors 12.1, and the registers of a machine that Linux ran on. */
class RegistersTest {
    private static final long CONTROL = 0x0000_2000_0001_f49dL;

    @Test
    void theDeviceTableOfAllDevicesHasTwoMegabytes() {
        long base = DeviceTableBase.encode(0x8000_0000L, 2 << 20);
        assertThat(base).isEqualTo(0x8000_01ffL);
        assertThat(DeviceTableBase.bytes(base)).isEqualTo(2 << 20);
        assertThat(DeviceTableBase.entries(base)).isEqualTo(65536);
        says(DeviceTableBase.DEVTAB_BASE, base, "Size = 0x1ff", "DevTabBase = 0x80000000");
    }

    @Test
    void ringsOf512Entries() {
        assertThat(Ring.encode(0x10_0000, 9)).isEqualTo(0x0900_0000_0010_0000L);
        assertThat(Ring.encode(0x11_0000, 9)).isEqualTo(0x0900_0000_0011_0000L);
        assertThat(Ring.encode(0x12_0000, 9)).isEqualTo(0x0900_0000_0012_0000L);
        says(CommandBufferRegisters.CMDBUF_BASE, 0x0900_0000_0010_0000L, "ComBase = 0x100000", "ComLen = 9");
        says(EventLogRegisters.EVTLOG_BASE, 0x0900_0000_0011_0000L, "EventBase = 0x110000", "EventLen = 9");
        says(PprLogRegisters.PPRLOG_BASE, 0x0900_0000_0012_0000L, "PPRLogBase = 0x120000", "PPRLogLen = 9");
    }

    @Test
    void aRingStartsAnewAtItsEnd() {
        long base = Ring.encode(0x10_0000, 9);
        assertThat(Ring.entries(base)).isEqualTo(512);
        assertThat(Ring.bytes(base)).isEqualTo(8192);
        assertThat(Ring.next(0x1fe0, base)).isEqualTo(0x1ff0);
        assertThat(Ring.next(0x1ff0, base)).isZero();
        assertThat(Ring.entryAddress(base, 0x1ff0)).isEqualTo(0x10_1ff0);
    }

    @Test
    void aRingIsFullWithOneEntryUnused() {
        long base = Ring.encode(0x10_0000, 9);
        assertThat(Ring.isFull(0, 0x1ff0, base)).isTrue();
        assertThat(Ring.isFull(0x20, 0x10, base)).isTrue();
        assertThat(Ring.isFull(0x20, 0x20, base)).isFalse();
        assertThat(Ring.used(0, 0x1ff0, base)).isEqualTo(511);
        assertThat(Ring.used(0x1ff0, 0x10, base)).isEqualTo(2);
        assertThat(Ring.used(0x20, 0x20, base)).isZero();
    }

    @Test
    void pointersAreInsideOfTheRing() {
        long base = Ring.encode(0x10_0000, 9);
        assertThat(Ring.contains(0x1ff0, base)).isTrue();
        assertThat(Ring.contains(0x2000, base)).isFalse();
    }

    @Test
    void shortRingsAreReserved() {
        assertThat(Ring.hasLegalLength(0x0700_0000_0010_0000L)).isFalse();
        assertThat(Ring.hasLegalLength(0x0800_0000_0010_0000L)).isTrue();
        assertThat(Ring.bytes(Ring.encode(0, Ring.MIN_LEN))).isEqualTo(4096);
        assertThat(Ring.bytes(Ring.encode(0, Ring.MAX_LEN))).isEqualTo(512 << 10);
    }

    @Test
    void theControlRegisterOfTheSheetIsDecoded() {
        says(
                ControlRegister.CONTROL,
                CONTROL,
                "IommuEn = 1",
                "EventLogEn = 1",
                "EventIntEn = 1",
                "ComWaitIntEn = 1",
                "InvTimeOut = 4 (1 s)",
                "Coherent = 1",
                "CmdBufEn = 1",
                "PPRLogEn = 1",
                "PPRIntEn = 1",
                "PPREn = 1",
                "GTEn = 1",
                "EPHEn = 1");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1000000", "2, 10000000", "4, 1000000000", "6, 100000000000", "7, 0"})
    void theTimeForAnAnswerGrowsByPowersOfTen(long encoded, long nanos) {
        assertThat(ControlRegister.invTimeOutNanos(ControlRegister.INV_TIME_OUT.encode(encoded)))
                .isEqualTo(nanos);
    }

    @Test
    void theFeaturesOfTheModelAreDecoded() {
        long efr = 0x0005_0033_0000_885aL;
        says(
                ExtendedFeatures.EXT_FEATURE,
                efr,
                "PPRSup = 1",
                "NXSup = 1",
                "GTSup = 1",
                "IASup = 1",
                "HATS = 2 (6 levels)",
                "GLXSup = 2 (3 levels)",
                "PASmax = 0x13",
                "USSup = 1",
                "GIoSup = 1",
                "EPHSup = 1");
        assertThat(ExtendedFeatures.hostLevels(efr)).isEqualTo(6);
        assertThat(ExtendedFeatures.guestLevels(efr)).isEqualTo(4);
        assertThat(ExtendedFeatures.largestGlx(efr)).isEqualTo(2);
        assertThat(ExtendedFeatures.pasidBits(efr)).isEqualTo(20);
    }

    @Test
    void theFeaturesOfTheVariantAreDecoded() {
        long efr = 0x0017_002f_0000_585aL;
        says(
                ExtendedFeatures.EXT_FEATURE,
                efr,
                "PPRSup = 1",
                "NXSup = 1",
                "GTSup = 1",
                "IASup = 1",
                "HATS = 2 (6 levels)",
                "GATS = 1 (5 levels)",
                "GLXSup = 1 (2 levels)",
                "PASmax = 0xf",
                "USSup = 1",
                "GIoSup = 1",
                "HASup = 1",
                "EPHSup = 1",
                "HDSup = 1");
        assertThat(ExtendedFeatures.guestLevels(efr)).isEqualTo(5);
        assertThat(ExtendedFeatures.pasidBits(efr)).isEqualTo(16);
    }

    @Test
    void statusFlagsAreClearedByWritingOne() {
        assertThat(StatusRegister.STATUS.afterWrite(0x13, 0x03)).isEqualTo(0x10);
        assertThat(StatusRegister.STATUS.afterWrite(0x7ffff, 0)).isEqualTo(0x7ffff);
        // VirtualBox's mask of what a write can clear.
        assertThat(StatusRegister.STATUS.afterWrite(0x7ffff, -1L)).isEqualTo(0x7ffff & ~0x68e67);
    }

    @Test
    void theStatusOfTheSheetHasADroppedEventLog() {
        says(StatusRegister.STATUS, 0x13, "EventOverflow = 1", "EventLogInt = 1", "CmdBufRun = 1");
    }

    /** Linux 6.12 under QEMU 7.2, stopped. */
    @Test
    void theRegistersOfARunningMachineAreDecoded() {
        says(DeviceTableBase.DEVTAB_BASE, 0x108_0007, "Size = 7", "DevTabBase = 0x1080000");
        assertThat(DeviceTableBase.entries(0x108_0007)).isEqualTo(1024);
        says(CommandBufferRegisters.CMDBUF_BASE, 0x0900_0001_badd_2000L, "ComBase = 0x1badd2000", "ComLen = 9");
        says(EventLogRegisters.EVTLOG_BASE, 0x0900_0001_badd_4000L, "EventBase = 0x1badd4000", "EventLen = 9");
        says(
                ControlRegister.CONTROL,
                0x3148f,
                "IommuEn = 1",
                "HtTunEn = 1",
                "EventLogEn = 1",
                "EventIntEn = 1",
                "InvTimeOut = 4 (1 s)",
                "Coherent = 1",
                "CmdBufEn = 1",
                "GTEn = 1",
                "GAEn = 1");
        says(StatusRegister.STATUS, 0x18, "EventLogRun = 1", "CmdBufRun = 1");
        assertThat(ExtendedFeatures.EXT_FEATURE.describe(0x29d3).stream()
                        .filter(field -> field.value() != 0)
                        .map(Object::toString))
                .containsExactly(
                        "PreFSup = 1",
                        "PPRSup = 1",
                        "GTSup = 1",
                        "IASup = 1",
                        "GASup = 1",
                        "HESup = 1",
                        "HATS = 2 (6 levels)",
                        "GATS = 2");
    }

    @ParameterizedTest
    @CsvSource({
        "DEVTAB_BASE, 0",
        "CMDBUF_BASE, 8",
        "EVTLOG_BASE, 10",
        "CONTROL, 18",
        "EXCL_BASE, 20",
        "EXCL_LIMIT, 28",
        "EXT_FEATURE, 30",
        "PPRLOG_BASE, 38",
        "HWEVT_UPPER, 40",
        "HWEVT_LOWER, 48",
        "HWEVT_STATUS, 50",
        "SMI_FILTER_0, 60",
        "SMI_FILTER_15, d8",
        "GALOG_BASE, e0",
        "GALOG_TAIL_ADDRESS, e8",
        "PPRLOG_B_BASE, f0",
        "EVTLOG_B_BASE, f8",
        "DEVTAB_BASE_1, 100",
        "DEVTAB_BASE_7, 130",
        "MSI_VECTOR_0, 150",
        "MSI_ADDRESS_LO, 15c",
        "MSI_ADDRESS_HI, 160",
        "MSI_DATA, 164",
        "XT_GENERAL, 170",
        "XT_PPR, 178",
        "XT_GA, 180",
        "EXT_FEATURE2, 1a0",
        "CMDBUF_HEAD, 2000",
        "CMDBUF_TAIL, 2008",
        "EVTLOG_HEAD, 2010",
        "EVTLOG_TAIL, 2018",
        "STATUS, 2020",
        "PPRLOG_HEAD, 2030",
        "PPRLOG_TAIL, 2038",
        "GALOG_HEAD, 2040",
        "GALOG_TAIL, 2048",
        "PPRLOG_B_HEAD, 2050",
        "PPRLOG_B_TAIL, 2058",
        "EVTLOG_B_HEAD, 2070",
        "EVTLOG_B_TAIL, 2078",
        "PPR_AUTO_RESPONSE, 2080",
        "PPR_OVERFLOW_EARLY, 2088",
        "PPR_B_OVERFLOW_EARLY, 2090",
    })
    void aRegisterIsWhereTheManualHasIt(String name, String offset) {
        RegisterLayout register = Registers.at(Long.parseLong(offset, 16));
        assertThat(register).isNotNull();
        assertThat(register.name()).isEqualTo(name);
        assertThat(Registers.named(name)).isSameAs(register);
    }

    @Test
    void registersLieApart() {
        List<RegisterLayout> registers = Registers.ALL;
        for (int i = 1; i < registers.size(); i++) {
            RegisterLayout before = registers.get(i - 1);
            assertThat(before.offset() + before.width() / 8)
                    .as("%s", before)
                    .isLessThanOrEqualTo(registers.get(i).offset());
        }
        assertThat(registers.get(registers.size() - 1).offset()).isLessThan(Registers.BYTES);
    }

    @Test
    void aMessageAddressHasTwoHalves() {
        long address = 0x12_fee0_1234L;
        assertThat(InterruptRegisters.addressLo(address)).isEqualTo(0xfee0_1234L);
        assertThat(InterruptRegisters.addressHi(address)).isEqualTo(0x12);
        assertThat(InterruptRegisters.messageAddress(0xfee0_1234L, 0x12)).isEqualTo(address);
    }

    @Test
    void theCapabilityHeaderHasTheTypeOfAnIommu() {
        says(
                CapabilityHeader.LAYOUT,
                new long[] {0x0d0b_000fL},
                "CapId = 0xf",
                "CapType = 3",
                "CapRev = 1",
                "IotlbSup = 1",
                "NpCache = 1",
                "EFRSup = 1");
    }
}
