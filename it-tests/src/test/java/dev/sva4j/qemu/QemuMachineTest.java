package dev.sva4j.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.core.memory.MappedMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Life cycle of QEMU, and the ways to its memory, registers and devices. */
class QemuMachineTest {
    private static final long RAM = 256L << 20;
    private static final long PAGE = 0x4010_0000L;

    /** Both boards. */
    enum Board {
        VIRT,
        Q35;

        QemuMachine start() {
            return this == VIRT
                    ? QemuMachine.smmuV3(QemuBinary.require("aarch64"), RAM, 6, 7)
                    : QemuMachine.q35(QemuBinary.require("x86_64"), "intel-iommu", RAM, 6, 7);
        }

        long page() {
            return this == VIRT ? PAGE : 0x10_0000;
        }
    }

    @ParameterizedTest
    @EnumSource
    void memory_is_shared_both_ways(Board board) {
        try (QemuMachine machine = board.start()) {
            long at = board.page();
            machine.memory().store(at, 0x1122_3344_5566_7788L);
            Qtest.Answer there = machine.qtest().read64(at);
            machine.qtest().write64(at + 8, 0x99);
            machine.qtest().await();

            assertThat(there.value()).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(machine.memory().load(at + 8)).isEqualTo(0x99);
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_device_does_its_dma_within_the_register_write(Board board) {
        try (QemuMachine machine = board.start()) {
            MappedMemory memory = machine.memory();
            long at = board.page();
            memory.store(at, -1);
            memory.store(at + 8, 0x0f0f_0f0f_0f0f_0f0fL);
            memory.store(at + 16, -1);

            machine.rockers().get(0).access(machine.qtest(), Rocker.Operation.FILL, at, 4);
            machine.rockers().get(1).access(machine.qtest(), Rocker.Operation.INVERT, at + 8, 8);
            machine.rockers().get(0).access(machine.qtest(), Rocker.Operation.CLEAR, at + 16, 3);
            machine.qtest().await();

            assertThat(memory.load(at)).isEqualTo(0xffff_ffff_9696_9696L);
            assertThat(memory.load(at + 8)).isEqualTo(0xf0f0_f0f0_f0f0_f0f0L);
            assertThat(memory.load(at + 16)).isEqualTo(0xffff_ffff_ff00_0000L);
        }
    }

    @Test
    void memory_beyond_2_gib_of_a_pc_begins_at_4_gib() {
        try (QemuMachine machine = QemuMachine.q35(QemuBinary.require("x86_64"), "intel-iommu", 3L << 30, 6)) {
            long at = (5L << 30) - 8;
            machine.qtest().write64(at, 0x77);
            machine.qtest().await();

            assertThat(machine.memory().load(at)).isEqualTo(0x77);
            assertThat(machine.memory().contains(2L << 30, 8)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closing_leaves_neither_process_nor_file(Board board) throws IOException {
        QemuMachine machine = board.start();
        ProcessHandle process = ProcessHandle.of(machine.pid()).orElseThrow();
        assertThat(process.isAlive()).isTrue();

        machine.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(filesLeftBehind(ProcessHandle.current().pid())).isEmpty();
    }

    @Test
    void a_jvm_that_ends_without_closing_leaves_neither_process_nor_file() throws Exception {
        QemuBinary.require("aarch64");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AbandonedMachine.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(output).startsWith("pid ");
        long pid = Long.parseLong(output.strip().substring("pid ".length()));
        // Killed by its parent and then reaped by whoever inherits it, which may take that process a moment.
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(filesLeftBehind(jvm.pid())).isEmpty();
    }

    /** Ends without closing what it has started. */
    static final class AbandonedMachine {
        public static void main(String[] args) {
            System.out.println("pid " + Board.VIRT.start().pid());
            System.exit(0);
        }
    }

    @Test
    void a_death_names_the_command_that_was_not_answered() {
        try (QemuMachine machine = Board.VIRT.start()) {
            ProcessHandle process = ProcessHandle.of(machine.pid()).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
            machine.qtest().read32(0x0905_0000L);

            assertThatThrownBy(machine.qtest()::await)
                    .isInstanceOf(QemuException.class)
                    .hasMessageStartingWith("QEMU ended with 137 instead of answering 'readl 0x9050000'");
        }
    }

    @Test
    void a_start_that_fails_tells_what_qemu_said_and_leaves_no_file() throws IOException {
        QemuBinary binary = QemuBinary.require("x86_64");

        assertThatThrownBy(() -> QemuMachine.q35(binary, "no-such-iommu", RAM))
                .isInstanceOf(QemuException.class)
                .hasMessageContaining("no-such-iommu");
        assertThat(filesLeftBehind(ProcessHandle.current().pid())).isEmpty();
    }

    private static List<Path> filesLeftBehind(long jvm) throws IOException {
        Path shared = Path.of("/dev/shm");
        try (Stream<Path> files =
                Files.list(Files.isDirectory(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(QemuMachine.folderPrefix(jvm)))
                    .toList();
        }
    }
}
