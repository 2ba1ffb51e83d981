package dev.sva4j.vendor.vtd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.testing.FakeMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Table entries byte for byte, against vectors that were not computed by this project, and the order of their stores. */
final class EntryBytesTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;

    private final Fixture fixture = new Fixture();
    private final VtdDriver driver = fixture.driver;
    private final EntryValues values = new EntryValues(new Features(0x60, ScriptedVtd.CAP, ScriptedVtd.ECAP));

    /** Stores to one entry as "word=value", from now on. */
    private List<String> watch(long address, int words) {
        List<String> stores = new ArrayList<>();
        fixture.host.memory.listener = new FakeMemory.Listener() {
            @Override
            public void stored(long pa, long value) {
                if (pa >= address && pa < address + words * 8L) {
                    stores.add(String.format("%d=%x", (pa - address) / 8, value));
                }
            }
        };
        return stores;
    }

    // PASID table entry: V4.

    @Test
    void firstStageIsWhatLinuxProgramsForSva() {
        assertThat(values.firstStage(X86_64.FOUR_LEVELS, 0x1004_0000L, 1))
                .containsExactly(0x49, 0x0080_0001, 0x1004_0000, 0, 0, 0, 0, 0);
    }

    @Test
    void fiveLevelsChangeWidthAndPagingMode() {
        assertThat(values.firstStage(X86_64.FIVE_LEVELS, 0x1004_0000L, 1))
                .containsExactly(0x4d, 0x0080_0001, 0x1004_0004, 0, 0, 0, 0, 0);
    }

    @Test
    void passThroughIsWhatLinuxPrograms() {
        assertThat(values.passThrough(1)).containsExactly(0x109, 0x0080_0001, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void walksDoNotSnoopWhereThatIsReserved() {
        EntryValues qemu = new EntryValues(new Features(0x10, 0x01d2_008c_222f_0606L, 0x0000_8800_00f0_0f0aL));

        assertThat(qemu.firstStage(X86_64.FOUR_LEVELS, 0x1004_0000L, 1)[1]).isEqualTo(1);
    }

    // The way to it: V1, V2, V3.

    @Test
    void contextEntryIsFoundThroughTheHalfOfItsBus() {
        fixture.start();
        for (int sid : new int[] {0x3A00, 0x3A7F, 0x3A83}) {
            driver.attachDevice(Fixture.function(sid));
        }

        long root = fixture.vtd.get(ScriptedVtd.RTADDR);
        assertThat(root & 0xfff).isEqualTo(0x400);
        long lower = fixture.load((root & -4096) + 0x3A0);
        long upper = fixture.load((root & -4096) + 0x3A8);
        assertThat(lower & 0xfff).isEqualTo(1);
        assertThat(upper & 0xfff).isEqualTo(1);
        assertThat(fixture.load(lower - 1) & 1).isEqualTo(1);
        assertThat(fixture.load(lower - 1 + 0xFE0) & 1).isEqualTo(1);
        assertThat(fixture.load(upper - 1 + 0x060) & 1).isEqualTo(1);
    }

    @Test
    void contextEntryAllowsWhatIsSwitchedOnAndNothingElse() {
        fixture.attach();
        long address = fixture.contextEntryAddress(SID);
        assertThat(fixture.load(address) & 0xfff).as("blocked").isEqualTo(0xe09);

        driver.setAts(SID, true);
        assertThat(fixture.load(address) & 0xfff).as("ATS").isEqualTo(0xe0d);
        driver.setPageRequests(SID, true);

        // V2: PDTS 7, PRE, PASIDE, DTE, P.
        assertThat(fixture.load(address) & 0xfff).as("page requests").isEqualTo(0xe1d);
        assertThat(fixture.host.memory.words(address + 8, 3)).containsOnly(0);
    }

    @Test
    void pageRequestsWithoutAtsWouldMakeTheEntryInvalid() {
        fixture.attach();
        List<String> stores = watch(fixture.contextEntryAddress(SID), 4);
        driver.setPageRequests(SID, true);
        driver.setAts(SID, true);
        driver.setAts(SID, false);

        assertThat(stores).hasSize(3).allSatisfy(store -> {
            long value = Long.parseUnsignedLong(store.substring(2), 16);
            assertThat(value & 0x14).as("PRE and DTE in " + store).isNotEqualTo(0x10);
        });
    }

    @Test
    void directoryIsAsLargeAsTheDevicesPasids() {
        fixture.start();
        driver.attachDevice(new DeviceAttachment(SID, 14, false, false, false));
        driver.attachDevice(new DeviceAttachment(SID + 1, 0, false, false, false));

        // PDTS 1: 256 entries for 2^14 PASIDs. Without PASIDs the smallest, and PASIDE stays 0.
        assertThat(fixture.load(fixture.contextEntryAddress(SID)) & 0xfff).isEqualTo(0x209);
        assertThat(fixture.load(fixture.contextEntryAddress(SID + 1)) & 0xfff).isEqualTo(0x001);
    }

    @Test
    void pasidEntryIsFoundThroughTheDirectory() {
        fixture.bound();

        long directory = fixture.load(fixture.contextEntryAddress(SID)) & -4096;
        long table = fixture.load(directory + 0x48D * 8);
        assertThat(table & 0xfff).isEqualTo(1);
        assertThat(fixture.host.memory.words(table - 1 + 5 * 64, 8))
                .containsExactly(0x49, 0x0080_0002, 0x1004_0000, 0, 0, 0, 0, 0);
    }

    // Order of stores: hardware may read an entry in pieces.

    @Test
    void aPasidAppearsWithItsFirstWordLast() {
        fixture.attach();
        driver.setPasid(SID, PASID + 1, fixture.context(), false);
        List<String> stores = watch(fixture.pasidEntryAddress(SID, PASID), 8);

        driver.setPasid(SID, PASID, fixture.context(), false);

        assertThat(stores).last().isEqualTo("0=49");
        assertThat(stores).filteredOn(store -> store.startsWith("0=")).hasSize(1);
    }

    @Test
    void aPasidGoesSilentInOneStoreAndIsEmptiedAfterTheCaches() {
        fixture.bound();
        List<String> stores = watch(fixture.pasidEntryAddress(SID, PASID), 8);
        fixture.vtd.verdict = descriptor -> {
            stores.add(descriptor.toString());
            return 0;
        };

        driver.quiescePasid(SID, PASID);

        assertThat(stores)
                .containsExactly(
                        "0=4a",
                        "0001234500020017 0",
                        "0001234500020026 0",
                        "wait",
                        "3a0123453a000008 7ffffffffffff800",
                        "wait",
                        "1=0",
                        "2=0",
                        "3=0",
                        "4=0",
                        "5=0",
                        "6=0",
                        "7=0",
                        "0=2");
        assertThat(fixture.pasidEntry(SID, PASID)).containsExactly(2, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void clearingKeepsTheOtherFieldsUntilTheCachesAreClean() {
        fixture.bound();
        List<String> stores = watch(fixture.pasidEntryAddress(SID, PASID), 8);
        fixture.vtd.verdict = descriptor -> {
            stores.add(descriptor.toString());
            return 0;
        };

        driver.clearPasid(SID, PASID);

        // V4, tear-down: P cleared only.
        assertThat(stores.subList(0, 3)).containsExactly("0=48", "0001234500020017 0", "0001234500020026 0");
        assertThat(fixture.pasidEntry(SID, PASID)).containsOnly(0);
    }

    @Test
    void aQuietPasidIsReportedAgainOnceItIsCleared() {
        fixture.bound();
        driver.quiescePasid(SID, PASID);

        driver.clearPasid(SID, PASID);

        assertThat(fixture.pasidEntry(SID, PASID)).containsOnly(0);
    }

    // Untagged traffic: the entry of RID_PASID, which is 0.

    @Test
    void untaggedTrafficHasThePasidThatNoRequestCarries() {
        fixture.bound();
        TranslationContext context = fixture.context();

        driver.setUntagged(SID, UntaggedTraffic.IDENTITY);
        assertThat(fixture.pasidEntry(SID, 0)).containsExactly(0x109, 0x0080_0001, 0, 0, 0, 0, 0, 0);
        driver.setUntagged(SID, UntaggedTraffic.translated(context));
        assertThat(fixture.pasidEntry(SID, 0)).containsExactly(0x49, 0x0080_0003, 0x1004_0000, 0, 0, 0, 0, 0);
        driver.setUntagged(SID, UntaggedTraffic.QUIESCED);
        assertThat(fixture.pasidEntry(SID, 0)).containsExactly(2, 0, 0, 0, 0, 0, 0, 0);
        driver.setUntagged(SID, UntaggedTraffic.BLOCKED);
        assertThat(fixture.pasidEntry(SID, 0)).containsOnly(0);
        assertThat(fixture.pasidEntry(SID, PASID)[0]).as("tagged traffic").isEqualTo(0x49);
    }

    @Test
    void pointersToTablesComeAfterTheirContents() {
        fixture.attach();
        TranslationContext context = fixture.context();
        long directoryEntry = fixture.directoryEntryAddress(SID, PASID);
        boolean[] published = new boolean[1];
        fixture.host.memory.listener = new FakeMemory.Listener() {
            @Override
            public void stored(long pa, long value) {
                if (pa == directoryEntry) {
                    published[0] = true;
                    assertThat(fixture.host.memory.words(value & -4096, 512)).containsOnly(0);
                }
            }
        };

        driver.setPasid(SID, PASID, context, false);

        assertThat(published[0]).isTrue();
    }
}
