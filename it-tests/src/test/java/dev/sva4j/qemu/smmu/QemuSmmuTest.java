package dev.sva4j.qemu.smmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.FaultReason;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaListener;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SystemCounters;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The driver half for SMMUv3 and core, on an SMMUv3 that other people wrote. */
@Timeout(60)
class QemuSmmuTest {
    private static final int REQUESTER = QemuSmmuVendor.REQUESTERS.get(0);
    private static final long PAGE = AddressSpace.PAGE_SIZE;
    private static final long AT = 0x7f12_3456_7000L;
    private static final long PATIENCE = 10_000_000_000L;

    private final List<FaultRecord> faults = new CopyOnWriteArrayList<>();
    private SvaSystem system;
    private DmaPort dma;

    @BeforeEach
    void start() {
        QemuBinary.require("aarch64");
        system = SvaSystem.builder()
                .driver(new SmmuVendor())
                .hardware(new QemuSmmuVendor())
                .memory(4 << 20)
                .device(DeviceSpec.platform("dev0", REQUESTER).withPasidBits(0).withStall(false))
                .listener(new SvaListener() {
                    @Override
                    public void faultReported(FaultRecord fault) {
                        faults.add(fault);
                    }
                })
                .build();
        dma = system.endpoint("dev0").openPort();
    }

    @AfterEach
    void stop() {
        if (system != null) {
            system.close();
        }
    }

    @Test
    void roundTrip() {
        SvaDevice device = system.initDevice("dev0", DeviceOptions.DEFAULT.withFeatures(DeviceFeature.NO_PASID));
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, 2 * PAGE, Protection.READ_WRITE);
        mm.write(AT, new byte[(int) (2 * PAGE)], 0, (int) (2 * PAGE));
        SvaBond bond = device.bindUntagged(mm, null);
        byte[] data = new byte[5000];
        new Random(1).nextBytes(data);
        assertThat(dma.write(DmaPort.NO_PASID, AT + 3, data, 0, data.length)).isEqualTo(DmaStatus.OK);
        byte[] back = new byte[5000];
        mm.read(AT + 3, back, 0, back.length);
        assertThat(back).isEqualTo(data);
        back = new byte[5000];
        assertThat(dma.read(DmaPort.NO_PASID, AT + 3, back, 0, back.length)).isEqualTo(DmaStatus.OK);
        assertThat(back).isEqualTo(data);
        System.out.println(dma.read(DmaPort.NO_PASID, AT + 2 * PAGE, back, 0, 8));
        system.scheduler().await(() -> !faults.isEmpty(), system.scheduler().nanoTime() + PATIENCE);
        System.out.println(faults + " " + system.counters());
        mm.exit();
        System.out.println(bond.state());
        System.out.println(dma.read(DmaPort.NO_PASID, AT, back, 0, 8));
        bond.unbind();
        System.out.println(dma.read(DmaPort.NO_PASID, AT, back, 0, 8));
        System.out.println(faults + " " + system.counters());
        device.close();
        mm.close();
    }
}
