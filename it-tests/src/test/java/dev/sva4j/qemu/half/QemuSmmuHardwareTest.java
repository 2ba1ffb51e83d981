package dev.sva4j.qemu.half;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.memory.HeapMemory;
import dev.sva4j.core.memory.MemoryFile;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Transaction;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The device port of QEMU's SMMU in reset: nothing is translated. */
@Timeout(60)
class QemuSmmuHardwareTest {
    private static final int REQUESTER = QemuSmmuVendor.REQUESTERS.get(0);
    private static final MemoryRange RANGE = new MemoryRange(0x8000_0000L, 1 << 20);
    private static final long AT = RANGE.start() + 0x1000;
    private static final int GBPA = 0x44;
    private static final int GBPA_UPDATE_AND_ABORT = 0x8010_0000;

    private PhysicalMemory memory;
    private IommuHardware hardware;

    @BeforeEach
    void start() throws IOException {
        QemuBinary.require("aarch64");
        try (MemoryFile file = MemoryFile.create(RANGE)) {
            memory = file.memory();
            hardware = new QemuSmmuVendor().createHardware(new TestHost(memory));
        }
    }

    @AfterEach
    void stop() {
        if (hardware != null) {
            hardware.close();
        }
    }

    @ParameterizedTest(name = "{1} bytes at offset {0}")
    @CsvSource({"0, 4", "0, 8", "1, 4", "3, 7", "0xff8, 8", "0xffc, 11", "5, 1021", "0x7fb, 4099"})
    void a_write_stores_its_bytes_and_no_others(String offset, int length) {
        byte[] before = random(1, 0x3000);
        memory.write(AT, before, 0, before.length);
        byte[] data = random(2, length);
        int at = Integer.decode(offset);

        CompletionStatus status = submit(Operation.WRITE, AT + at, data);

        assertThat(status).isEqualTo(CompletionStatus.SUCCESS);
        System.arraycopy(data, 0, before, at, length);
        byte[] after = new byte[before.length];
        memory.read(AT, after, 0, after.length);
        assertThat(after).isEqualTo(before);
    }

    @ParameterizedTest(name = "{1} bytes at offset {0}")
    @CsvSource({"0, 8", "3, 1", "2, 5", "0xff8, 8", "0xffe, 4", "5, 1021", "0x7fb, 4099"})
    void a_read_delivers_what_is_there(String offset, int length) {
        byte[] expected = random(3, length);
        memory.write(AT + Integer.decode(offset), expected, 0, length);
        byte[] data = new byte[length];

        CompletionStatus status = submit(Operation.READ, AT + Integer.decode(offset), data);

        assertThat(status).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(data).isEqualTo(expected);
    }

    @Test
    void what_qemu_writes_at_its_start_is_not_in_our_memory() {
        byte[] all = new byte[(int) RANGE.length()];
        memory.read(RANGE.start(), all, 0, all.length);

        assertThat(all).containsOnly(0);
    }

    @Test
    void an_access_where_no_memory_is_aborts() {
        assertThat(submit(Operation.READ, RANGE.last() + 1, new byte[8])).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(submit(Operation.WRITE, RANGE.last() + 1, new byte[8])).isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void what_the_smmu_aborts_does_not_reach_memory() {
        hardware.registers().write32(GBPA, GBPA_UPDATE_AND_ABORT);

        CompletionStatus status = submit(Operation.WRITE, AT, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

        assertThat(status).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(memory.load(AT)).isZero();
    }

    @Test
    void requests_that_no_device_of_qemu_sends_are_refused() {
        Ended tagged = new Ended();
        tagged.memory(REQUESTER, 1, AddressType.UNTRANSLATED, Operation.READ, AT, new byte[8], 0, 8, 0);
        Ended translation = new Ended();
        translation.translation(REQUESTER, Pasid.NONE, AT, 0);
        Ended atomic = new Ended();
        atomic.atomic(REQUESTER, Pasid.NONE, AddressType.UNTRANSLATED, Operation.FETCH_ADD, AT, 1, 0, 0);

        for (Transaction refused : new Transaction[] {tagged, translation, atomic}) {
            assertThatThrownBy(() -> hardware.submit(refused)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_requester_that_is_no_device_of_qemu_is_refused() {
        Ended foreign = new Ended();
        foreign.memory(0xff, Pasid.NONE, AddressType.UNTRANSLATED, Operation.READ, AT, new byte[8], 0, 8, 0);

        assertThatThrownBy(() -> hardware.submit(foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0xff");
    }

    @Test
    void a_write_with_a_piece_shorter_than_the_device_can_write_is_refused_before_it_begins() {
        assertThatThrownBy(() -> submit(Operation.WRITE, AT + 0xffe, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(memory.load(AT + 0xff8)).isZero();
        assertThat(memory.load(AT + 0x1000)).isZero();
    }

    @Test
    void after_the_end_requests_abort() {
        hardware.close();

        assertThat(submit(Operation.READ, AT, new byte[8])).isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void memory_that_is_in_no_file_is_refused() {
        TestHost host = new TestHost(new HeapMemory(RANGE.start(), RANGE.length()));

        assertThatThrownBy(() -> new QemuSmmuVendor().createHardware(host))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.UNSUPPORTED));
    }

    private CompletionStatus submit(Operation operation, long address, byte[] data) {
        Ended transaction = new Ended();
        transaction.memory(
                REQUESTER, Pasid.NONE, AddressType.UNTRANSLATED, operation, address, data, 0, data.length, 0);
        hardware.submit(transaction);
        assertThat(transaction.completions).isEqualTo(1);
        return transaction.status();
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static final class Ended extends Transaction {
        private int completions;

        @Override
        protected void completed() {
            completions++;
        }
    }
}
