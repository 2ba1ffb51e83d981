package dev.sva4j.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.core.memory.MappedMemory;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Systems whose memory is the caller's. */
class GivenMemoryTest {
    private static final String DEVICE = "accel0";
    private static final byte[] MESSAGE = "hello from the device".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    @Test
    void what_a_device_writes_into_a_process_is_in_the_memory_that_was_given() throws IOException {
        Path file = folder.resolve("ram");
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(16L << 20);
        }
        // With a hole, and neither where the system would have put it itself nor of one piece.
        MappedMemory memory = MappedMemory.map(
                file, List.of(new MemoryRange(1L << 30, 4L << 20), new MemoryRange(1L << 36, 12L << 20)));

        try (SvaSystem system = SvaSystem.builder()
                .vendor("arm-smmu-v3")
                .memory(memory)
                .device(DeviceSpec.pci(DEVICE, 0x300))
                .build()) {
            SvaDevice device = system.initDevice(DEVICE, DeviceOptions.DEFAULT);
            AddressSpace process = system.createAddressSpace("app");
            SvaBond bond = device.bind(process, null);
            long buffer = process.map(AddressSpace.PAGE_SIZE, Protection.READ_WRITE);
            DmaStatus status =
                    system.endpoint(DEVICE).openPort().write(bond.pasid(), buffer, MESSAGE, 0, MESSAGE.length);
            assertThat(status).isEqualTo(DmaStatus.OK);
            process.close();
            bond.unbind();
            device.close();
        }

        String contents = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(contents.contains(new String(MESSAGE, StandardCharsets.US_ASCII)))
                .as("the message is in the file")
                .isTrue();
    }

    @Test
    void memory_that_spans_more_than_can_be_counted_is_refused() {
        PhysicalMemory wide = mock();
        when(wide.ranges()).thenReturn(List.of(new MemoryRange(0, 4096), new MemoryRange(1L << 38, 4096)));
        PhysicalMemory none = mock();
        when(none.ranges()).thenReturn(List.of());

        for (PhysicalMemory memory : List.of(wide, none)) {
            assertThatThrownBy(() -> SvaSystem.builder().memory(memory)).hasMessageContaining("256 GiB");
        }
    }
}
