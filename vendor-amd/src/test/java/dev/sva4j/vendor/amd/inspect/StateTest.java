package dev.sva4j.vendor.amd.inspect;

import static dev.sva4j.spi.Pasid.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector.EntryState;
import org.junit.jupiter.api.Test;

class StateTest {
    private static final int DEVICE = 0x300;
    private static final int PASID = 0x12345;

    /** D8: D7 with SA. */
    private static final long[] D8 = {0x6590_0000_0000_0003L, 0x0000_1005_1084_0007L, 0};

    private static Image guests() {
        return new Image().device(DEVICE, Image.D7).guestTables();
    }

    private static EntryState state(Image image, int pasid) {
        return image.open().state(DEVICE, pasid);
    }

    @Test
    void aPasidWithPagesIsLive() {
        assertThat(state(guests(), PASID)).isEqualTo(EntryState.LIVE);
    }

    @Test
    void aPasidWithoutAValidEntryIsEmpty() {
        assertThat(state(guests(), 0x12346)).isEqualTo(EntryState.EMPTY);
        assertThat(state(guests(), 1)).as("no table below").isEqualTo(EntryState.EMPTY);
        assertThat(state(guests(), 0x40000)).as("beyond two levels").isEqualTo(EntryState.EMPTY);
    }

    @Test
    void aDummyRootFaultsLikeNoEntry() {
        Image image = guests();
        image.memory.put(0x1_0842_37f0L, 0);
        assertThat(state(image, PASID)).isEqualTo(EntryState.EMPTY);
    }

    @Test
    void saMakesFaultsSilent() {
        Image image = guests().device(DEVICE, D8);
        assertThat(state(image, PASID)).isEqualTo(EntryState.LIVE);
        assertThat(state(image, 0x12346)).isEqualTo(EntryState.QUIESCED);
        assertThat(state(image.device(DEVICE, 0x6590_0000_0000_0007L, D8[1], 0), PASID))
                .as("an illegal entry is logged")
                .isEqualTo(EntryState.EMPTY);
    }

    @Test
    void requestsWithoutPasidPassOrHaveTheHostTablesOrPasid0() {
        assertThat(state(guests(), NONE)).isEqualTo(EntryState.LIVE);
        Image hosts = new Image().device(DEVICE, Image.D3);
        hosts.memory.back(0x12_3456_7000L, 0x1000);
        assertThat(state(hosts, NONE)).as("nothing in the host table").isEqualTo(EntryState.EMPTY);
        hosts.memory.put(0x12_3456_7008L, 0x6000_0012_3456_8601L);
        assertThat(state(hosts, NONE)).isEqualTo(EntryState.LIVE);
        Image untaggedIsPasid0 = new Image().device(DEVICE, 0x64c0_0000_0000_0003L, 0x0000_1001_1084_0007L, 0);
        untaggedIsPasid0.memory.back(0x1_0842_1000L, 0x1000);
        assertThat(state(untaggedIsPasid0, NONE)).isEqualTo(EntryState.EMPTY);
        untaggedIsPasid0.guestTables().memory.put(0x1_0842_1000L, 0x1_0842_3001L);
        assertThat(state(untaggedIsPasid0, NONE)).isEqualTo(EntryState.LIVE);
    }

    @Test
    void aDeviceWithoutGuestTablesHasNoPasids() {
        assertThat(state(new Image().device(DEVICE, Image.D3), PASID)).isEqualTo(EntryState.EMPTY);
    }

    @Test
    void blockedAndUnknownDevicesAreEmpty() {
        assertThat(state(new Image(), NONE)).isEqualTo(EntryState.EMPTY);
        assertThat(new Image().open().state(0x400, NONE)).as("beyond the table").isEqualTo(EntryState.EMPTY);
        assertThat(new Image().open().state(-1, NONE)).as("no DeviceID").isEqualTo(EntryState.EMPTY);
    }

    @Test
    void everythingGetsThroughAnInvalidEntry() {
        assertThat(state(new Image().device(DEVICE, 0, 0, 0), PASID)).isEqualTo(EntryState.LIVE);
    }

    @Test
    void anEntryOutsideTheImageIsUnknown() {
        Image image = new Image().device(DEVICE, Image.D7);
        assertThatThrownBy(() -> state(image, PASID))
                .isInstanceOfSatisfying(
                        SvaException.class,
                        unknown -> assertThat(unknown.error()).isEqualTo(SvaError.NOT_FOUND))
                .hasMessageContaining("device 0x300, PASID 74565 is not in the image");
    }
}
