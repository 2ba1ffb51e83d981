package dev.sva4j.vendor.smmu.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import org.junit.jupiter.api.Test;

/** From start to close, with every command. */
final class LifeCycleTest {
    private final FakeHost host = new FakeHost();
    private final SmmuDriver driver = new SmmuDriver(host);

    @Test
    void everyFrameIsBackAfterClose() {
        driver.start();
        driver.attachDevice(new DeviceAttachment(0x1234, 20, false, true, true));
        driver.setAts(0x1234, true);
        TranslationContext context = driver.openContext(Vmsav8_64.LINUX_4K, 0x80004000L);
        driver.setPasid(0x1234, 0xC05, context, false);
        driver.invalidate(context, 0, -1, false);
        driver.quiescePasid(0x1234, 0xC05);
        driver.clearPasid(0x1234, 0xC05);
        driver.drain(0x1234, 0xC05);
        driver.closeContext(context);
        driver.close();

        assertThat(host.frames.allocatedBytes()).isZero();
    }
}
