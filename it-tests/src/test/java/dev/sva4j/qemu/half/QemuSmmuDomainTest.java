package dev.sva4j.qemu.half;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.core.memory.MemoryFile;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Domains for untagged traffic on QEMU's SMMUv3, in memory that the test has made. */
@Timeout(60)
class QemuSmmuDomainTest {
    private static final long PAGE = AddressSpace.PAGE_SIZE;
    private static final MemoryRange RANGE = new MemoryRange(0x8000_0000L, 4 << 20);

    /** Far from the frames that the system takes first. */
    private static final long PA = RANGE.last() + 1 - 2 * PAGE;

    private static final long IOVA = 0x7f12_3456_7000L;

    private PhysicalMemory memory;
    private SvaSystem system;
    private SvaDevice device;
    private IoDomain domain;

    @BeforeEach
    void start() throws IOException {
        QemuBinary.require("aarch64");
        try (MemoryFile file = MemoryFile.create(RANGE)) {
            memory = file.memory();
            system = SvaSystem.builder()
                    .driver(new SmmuVendor())
                    .hardware(new QemuSmmuVendor())
                    .memory(memory)
                    .device(DeviceSpec.platform("dev0", QemuSmmuVendor.REQUESTERS.get(0))
                            .withPasidBits(0)
                            .withStall(false))
                    .build();
        }
        device = system.initDevice("dev0", DeviceOptions.DEFAULT.withFeatures(DeviceFeature.NO_PASID));
    }

    @AfterEach
    void everythingComesBack() {
        if (device != null) {
            device.attachUntagged(null);
            device.close();
            if (domain != null) {
                domain.close();
            }
            // Throws if a frame or a domain is missing.
            system.close();
        }
    }

    private void attach(IoDomain.Kind kind) {
        domain = system.createDomain(kind, "buffers");
        device.attachUntagged(domain);
    }

    private DmaStatus store(long at) {
        return system.endpoint("dev0")
                .openPort()
                .write(DmaPort.NO_PASID, at, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, 8);
    }

    @Test
    void what_is_mapped_is_reached_where_it_is_mapped_to() {
        attach(IoDomain.Kind.PAGING);
        domain.map(IOVA, PA, PAGE, Protection.READ_WRITE);

        assertThat(store(IOVA + 8)).isEqualTo(DmaStatus.OK);

        assertThat(memory.load(PA + 8)).isEqualTo(0x0807_0605_0403_0201L);
    }

    @Test
    void what_is_mapped_for_reading_is_not_written() {
        attach(IoDomain.Kind.PAGING);
        domain.map(IOVA, PA, PAGE, Protection.READ);

        assertThat(store(IOVA)).isEqualTo(DmaStatus.ABORTED);

        assertThat(memory.load(PA)).isZero();
    }

    @Test
    void what_was_unmapped_is_not_reached() {
        attach(IoDomain.Kind.PAGING);
        domain.map(IOVA, PA, PAGE, Protection.READ_WRITE);
        assertThat(store(IOVA)).isEqualTo(DmaStatus.OK);

        domain.unmap(IOVA, PAGE);

        assertThat(store(IOVA)).isEqualTo(DmaStatus.ABORTED);
    }

    @Test
    void what_is_mapped_anew_is_reached_where_it_is_now() {
        attach(IoDomain.Kind.PAGING);
        domain.map(IOVA, PA, PAGE, Protection.READ_WRITE);
        assertThat(store(IOVA)).isEqualTo(DmaStatus.OK);
        memory.store(PA, 0);

        domain.unmap(IOVA, PAGE);
        domain.map(IOVA, PA + PAGE, PAGE, Protection.READ_WRITE);

        assertThat(store(IOVA)).isEqualTo(DmaStatus.OK);
        assertThat(memory.load(PA)).isZero();
        assertThat(memory.load(PA + PAGE)).isNotZero();
    }

    @Test
    void identity_reaches_physical_memory() {
        attach(IoDomain.Kind.IDENTITY);

        assertThat(store(PA)).isEqualTo(DmaStatus.OK);

        assertThat(memory.load(PA)).isNotZero();
    }

    @Test
    void blocked_reaches_nothing() {
        attach(IoDomain.Kind.BLOCKED);

        assertThat(store(PA)).isEqualTo(DmaStatus.ABORTED);
    }

    @Test
    void after_detaching_nothing_is_reached() {
        attach(IoDomain.Kind.IDENTITY);

        device.attachUntagged(null);

        assertThat(store(PA)).isEqualTo(DmaStatus.ABORTED);
    }
}
