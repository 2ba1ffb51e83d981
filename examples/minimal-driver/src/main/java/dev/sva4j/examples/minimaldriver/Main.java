package dev.sva4j.examples.minimaldriver;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaSystem;
import java.nio.charset.StandardCharsets;

/** A driver that lets its device write into a process, and lets go of it when the process has died. */
public final class Main {
    private static final String ACCELERATOR = "accel0";

    private Main() {}

    public static void main(String[] arguments) {
        try (SvaSystem system = SvaSystem.builder()
                .vendor("arm-smmu-v3")
                .device(DeviceSpec.pci(ACCELERATOR, 0x0300))
                .build()) {

            // The driver: one call to prepare the device, one to let it into a process.
            SvaDevice device = system.initDevice(ACCELERATOR, DeviceOptions.DEFAULT);
            AddressSpace process = system.createAddressSpace("app");
            SvaBond bond = device.bind(process, null);

            // The process: memory that has never been touched.
            long buffer = process.map(AddressSpace.PAGE_SIZE, Protection.READ_WRITE);

            // The device: DMA to the process's own address, faulting the page in.
            DmaPort dma = system.endpoint(ACCELERATOR).openPort();
            byte[] message = "hello from the device".getBytes(StandardCharsets.US_ASCII);
            require(dma.write(bond.pasid(), buffer, message, 0, message.length), DmaStatus.OK);

            byte[] seen = new byte[message.length];
            process.read(buffer, seen, 0, seen.length);
            System.out.println("process reads: " + new String(seen, StandardCharsets.US_ASCII));

            // The process dies; the device does not know yet. Its next access aborts, and nothing is reported.
            process.close();
            System.out.println("after exit: " + bond.state() + ", reclaimed " + process.isReclaimed());
            require(dma.write(bond.pasid(), buffer, message, 0, message.length), DmaStatus.PAGE_REQUEST_INVALID);
            System.out.println("faults reported: " + system.counters().faultsReported());

            // Whenever the device has stopped, the driver lets go: now the PASID may stand for somebody else.
            bond.unbind();
            System.out.println("after unbind: " + bond.state() + ", PASIDs in use "
                    + system.pasids().allocated());
            device.close();
        }
    }

    private static void require(DmaStatus status, DmaStatus expected) {
        if (status != expected) {
            throw new IllegalStateException("DMA ended with " + status + ", not " + expected);
        }
    }
}
