package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.driver.Fixture.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.UntaggedTraffic;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Device table entries of an IOMMU without guest translation (AMD-Vi 2.2.2). */
final class HostEntriesTest {
    private static final long GT_SUP = 0x10;

    private final Fixture fixture = new Fixture();
    private final AmdDriver driver = fixture.driver;

    /** The fifth device is of domain 5. */
    @BeforeEach
    void attach() {
        fixture.amd.set(ScriptedAmd.EFR_REG, ScriptedAmd.EFR & ~GT_SUP);
        fixture.start();
        for (int device = DEVICE + 4; device >= DEVICE; device--) {
            driver.attachDevice(new DeviceAttachment(device, 0, false, false, false));
        }
    }

    @Test
    void anAttachedDeviceIsBlocked() {
        assertThat(fixture.deviceEntry()).containsExactly(3, 0, 0, 0);
    }

    @Test
    void identityAppearsWithTheFirstWordLastAndIsThenInvalidated() {
        List<String> order = fixture.watch(fixture.deviceEntryAddress(), 4);

        driver.setUntagged(DEVICE, UntaggedTraffic.IDENTITY);

        assertThat(order).containsExactly("3=0", "2=0", "1=5", "0=6000000000000003", "2000000000000300", "wait");
    }

    @Test
    void identityGoesWithTheFirstWordAndTheRestAfterTheCaches() {
        driver.setUntagged(DEVICE, UntaggedTraffic.IDENTITY);
        List<String> order = fixture.watch(fixture.deviceEntryAddress(), 4);

        driver.setUntagged(DEVICE, UntaggedTraffic.BLOCKED);

        assertThat(order)
                .containsExactly("0=3", "2000000000000300", "wait", "3000000500000000", "wait", "1=0", "2=0", "3=0");
    }
}
