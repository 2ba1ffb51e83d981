package dev.sva4j.vendor.amd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import dev.sva4j.vendor.amd.layout.HostPageTableFormat;
import org.junit.jupiter.api.Test;

/** Device table entries against words that were built from bit positions by hand (AMD-Vi 2.2.2). */
class EntryValuesTest {
    private static final int GPM_4 = DeviceTableEntry.GPM_4_LEVEL;
    private static final int GPM_5 = DeviceTableEntry.GPM_5_LEVEL;

    @Test
    void gcr3TableWithAtsAndPageRequests() {
        long[] entry = EntryValues.guest(0x000A_BCDE_F123_4000L, 1, GPM_4, 0x1234, false);

        assertThat(EntryValues.withPageRequests(entry[0], true)).isEqualTo(0x7190_0000_0000_0003L);
        assertThat(EntryValues.withAts(entry[1], true)).isEqualTo(0xabcd_e801_e246_1234L);
        assertThat(entry).endsWith(0, 0);
    }

    @Test
    void untaggedTrafficAsPasid0() {
        long[] entry = EntryValues.guest(0x1_0842_1000L, 0, GPM_5, 7, true);

        assertThat(entry[0]).isEqualTo(0x64c0_0000_0000_0003L);
        assertThat(EntryValues.withAts(entry[1], true)).isEqualTo(0x0000_1001_1084_0007L);
        assertThat(entry).endsWith(0x0040_0000_0000_0000L, 0);
    }

    @Test
    void blocked() {
        assertThat(EntryValues.blocked()).containsExactly(3, 0, 0, 0);
    }

    @Test
    void passThrough() {
        assertThat(EntryValues.passThrough(5)).containsExactly(0x6000_0000_0000_0003L, 5, 0, 0);
    }

    @Test
    void hostPageTable() {
        HostPageTableFormat format = new HostPageTableFormat(4, 2, DeviceTableEntry.HAD_NONE, true);

        assertThat(EntryValues.host(format, 0x12_3456_7000L, 0x42)).containsExactly(0x6000_0012_3456_7803L, 0x42, 0, 0);
    }
}
