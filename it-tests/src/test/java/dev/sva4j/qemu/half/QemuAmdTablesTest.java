package dev.sva4j.qemu.half;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.core.memory.MemoryFile;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.qemu.Qtest;
import dev.sva4j.qemu.half.AccessLog.Access;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.vendor.amd.inspect.AmdInspection;
import dev.sva4j.vendor.amd.layout.CommandBufferRegisters;
import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.DeviceTable;
import dev.sva4j.vendor.amd.layout.DeviceTableBase;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import dev.sva4j.vendor.amd.layout.HostPageTableEntry;
import dev.sva4j.vendor.amd.layout.InvalidateDevtabEntry;
import dev.sva4j.vendor.amd.layout.InvalidateIommuAll;
import dev.sva4j.vendor.amd.layout.Ring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Host page tables of AMD-Vi as our layout and our decoder understand them, and as QEMU walks them. Where QEMU is wrong by the manual, a
 * test says so; it fails when a QEMU comes that is right.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QemuAmdTablesTest {
    /** A PC's memory above its hole, for tables at the addresses of the vectors. */
    private static final MemoryRange RANGE = new MemoryRange(0x12_3440_0000L, 4 << 20);

    private static final long DEVICE_TABLE = RANGE.start();
    private static final long DEVICE_TABLE_BYTES = 0x1000;
    private static final long COMMANDS = RANGE.start() + 0x1_0000;
    private static final long ROOT = 0x12_3456_7000L;
    private static final long RANDOM_TABLES = 0x12_3460_0000L;

    /** The entry of the vectors but for the domain, see {@link #qemu_refuses_domains_with_bit_8}. */
    private static final long ENTRY = 0x6000_0012_3456_7803L;

    private static final long DOMAIN = 0x42;
    private static final int DEVICE = QemuVendor.REQUESTERS.get(0);

    /** Instead of an output address. */
    private static final long REFUSED = -1;

    private static final long WORD = 0x0600_df00L;

    private PhysicalMemory memory;
    private BridgedMachine machine;
    private long tail;

    @BeforeAll
    void start() throws IOException {
        QemuBinary.require("x86_64");
        try (MemoryFile file = MemoryFile.create(RANGE)) {
            memory = file.memory();
            machine = BridgedMachine.start(
                    BridgedMachine.Model.find(Board.Q35_AMD).orElseThrow(),
                    memory.file().orElseThrow(),
                    RANGE,
                    List.of(DEVICE));
        }
        write(DeviceTableBase.DEVTAB_BASE.offset(), DeviceTableBase.encode(DEVICE_TABLE, DEVICE_TABLE_BYTES));
        write(CommandBufferRegisters.CMDBUF_BASE.offset(), Ring.encode(COMMANDS, Ring.MIN_LEN));
        write(
                ControlRegister.CONTROL.offset(),
                ControlRegister.IOMMU_EN.encode(true) | ControlRegister.CMD_BUF_EN.encode(true));
    }

    @AfterAll
    void stop() {
        if (machine != null) {
            machine.close();
        }
    }

    /** The tables of the vectors. */
    @BeforeEach
    void tables() {
        memory.zero(ROOT, 0x5000);
        memory.store(0x12_3456_7008L, 0x6000_0012_3456_8601L);
        memory.store(0x12_3456_8000L, 0x6000_0012_3456_9401L);
        memory.store(0x12_3456_9488L, 0x6000_0012_3456_a201L);
        memory.store(0x12_3456_9490L, 0x6000_0000_4020_0001L);
        memory.store(0x12_3456_94a0L, 0x6000_0000_405f_fe01L);
        memory.store(0x12_3456_94a8L, 0x6000_0000_405f_fe01L);
        memory.store(0x12_3456_aa28L, 0x7000_0000_abcd_e001L);
        memory.store(0x12_3456_aa30L, 0x2000_0000_abcd_f001L);
        for (int i = 0; i < 8; i++) {
            memory.store(0x12_3456_aa40L + 8L * i, 0x6000_0000_abcc_be01L);
        }
        memory.store(0x12_3456_7010L, 0x6000_0012_3456_b401L);
        memory.store(0x12_3456_b488L, 0x6000_0012_3456_a201L);
        device(ENTRY, DOMAIN, 0);
    }

    /** Nothing is behind these output addresses, so QEMU says which they are to the byte. */
    @ParameterizedTest
    @CsvSource({
        "8012345678, abcde678, 4 KiB",
        "801234b344, abccb344, 32 KiB",
        "10012345678, abcde678, level 3 skipped",
    })
    void an_address_of_the_vectors_leads_to_its_output_address(String iova, String output, String what) {
        assertThat(outcome(hex(iova), Rights.WRITE)).as(what).isEqualTo(new Access(false, hex(output)));
    }

    @ParameterizedTest
    @CsvSource({"8012412344, 40212344, 2 MiB", "8012a12344, 40612344, 4 MiB"})
    void what_is_written_to_a_large_page_of_the_vectors_is_at_its_output_address(
            String iova, String output, String what) {
        machine.qtest().write32(hex(output), 0);

        Access access = outcome(hex(iova), Rights.WRITE);

        assertThat(access.passed()).as(what).isTrue();
        Qtest.Answer found = machine.qtest().read32(hex(output));
        machine.qtest().await();
        assertThat(found.value()).isEqualTo(WORD);
    }

    @Test
    void a_page_without_the_right_to_write_is_read_only() {
        assertThat(outcome(0x80_1234_6678L, Rights.READ)).isEqualTo(new Access(false, 0xabcd_f678L));
        assertThat(outcome(0x80_1234_6678L, Rights.WRITE)).isEqualTo(refused(0x80_1234_6678L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8012347000", "8012c00000", "9012345678"})
    void what_the_vectors_do_not_map_is_refused(String iova) {
        assertThat(outcome(hex(iova), Rights.READ)).isEqualTo(refused(hex(iova)));
    }

    @Test
    void rights_are_those_of_all_levels_and_of_the_device() {
        memory.store(0x12_3456_8000L, HostPageTableEntry.IW.put(0x6000_0012_3456_9401L, false));
        device(DeviceTableEntry.IR.put(ENTRY, false), DOMAIN, 0);

        assertThat(outcome(0x80_1234_5678L, Rights.WRITE)).isEqualTo(refused(0x80_1234_5678L));
        assertThat(outcome(0x80_1234_5678L, Rights.READ)).isEqualTo(refused(0x80_1234_5678L));
    }

    @Test
    void without_a_host_table_the_rights_of_the_device_count() {
        device(DeviceTableEntry.IW.put(DeviceTableEntry.MODE.put(ENTRY, DeviceTableEntry.MODE_NONE), false), DOMAIN, 0);

        assertThat(outcome(ROOT, Rights.READ)).isEqualTo(new Access(true, ROOT));
        assertThat(outcome(ROOT, Rights.WRITE)).isEqualTo(refused(ROOT));
    }

    // Where QEMU 10 does not do what the manual says

    /** TV = 0: the entry has nothing for translation, and requests are target-aborted (AMD-Vi 2.2.2). */
    @Test
    void qemu_passes_what_has_no_translation_information() {
        device(DeviceTableEntry.TV.put(ENTRY, false), DOMAIN, 0);

        assertThat(outcome(ROOT, Rights.READ)).isEqualTo(new Access(true, ROOT));
    }

    /** PR = 0: the entry is not there, whatever else is in it (AMD-Vi 2.2.3). */
    @Test
    void qemu_takes_a_leaf_for_present_that_is_not() {
        memory.store(0x12_3456_aa28L, HostPageTableEntry.PR.put(0x6000_0000_abcd_e001L, false));

        assertThat(outcome(0x80_1234_5678L, Rights.WRITE)).isEqualTo(new Access(false, 0xabcd_e678L));
    }

    /** Bits beyond Mode must be 0 (AMD-Vi 2.2.3). */
    @Test
    void qemu_drops_address_bits_beyond_the_mode() {
        assertThat(outcome(0x1_0080_1234_5678L, Rights.WRITE)).isEqualTo(new Access(false, 0xabcd_e678L));
    }

    /** So must those of a level that is skipped. */
    @Test
    void qemu_drops_address_bits_of_a_skipped_level() {
        assertThat(outcome(0x100_5234_5678L, Rights.WRITE)).isEqualTo(new Access(false, 0xabcd_e678L));
    }

    /** Rights are those of all levels, whether they come from tables or from a cache (AMD-Vi 2.2.3). */
    @Test
    void qemu_caches_the_rights_of_the_leaf_only() {
        memory.store(0x12_3456_8000L, HostPageTableEntry.IR.put(0x6000_0012_3456_9401L, false));
        assertThat(outcome(0x80_1241_2344L, Rights.READ)).isEqualTo(refused(0x80_1241_2344L));

        assertThat(outcome(0x80_1241_2344L, Rights.WRITE).passed()).isTrue();
        assertThat(outcome(0x80_1241_2344L, Rights.READ).passed()).isTrue();
    }

    /** A DomainID has 16 bits (AMD-Vi 2.2.2). */
    @Test
    void qemu_refuses_domains_with_bit_8() {
        device(ENTRY, DeviceTableEntry.DOMAIN_ID.encode(0x100), 0);

        assertThat(outcome(0x80_1234_5678L, Rights.WRITE)).isEqualTo(refused(0x80_1234_5678L));
    }

    // Random tables

    /** The decoder lists mappings, and has our hardware half answer for single addresses; QEMU moves words. */
    @ParameterizedTest(name = "Mode {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void decoder_hardware_half_and_qemu_agree(int levels) {
        SplittableRandom random = new SplittableRandom(levels);
        RandomTables tables = new RandomTables(memory, RANDOM_TABLES, random);
        long word0 = DeviceTableEntry.HOST_PAGE_TABLE_ROOT.putAddress(ENTRY, tables.make(levels));
        device(DeviceTableEntry.MODE.put(word0, levels), DOMAIN, 0);
        IommuInspector inspector = inspector();

        List<Leaf> leaves = leaves(inspector);
        assertThat(leaves).isNotEmpty();
        for (Leaf leaf : leaves) {
            long iova = leaf.iova + (random.nextLong() & (leaf.size - 1) & -Integer.BYTES);
            long output = leaf.pa + (iova - leaf.iova);
            boolean written = canWrite(iova, output, random.nextInt());
            // See qemu_caches_the_rights_of_the_leaf_only.
            command(InvalidateIommuAll.word0());
            boolean read = canRead(iova, output, random.nextInt());
            assertThat(written).as("write to 0x%x of %s", iova, leaf).isEqualTo((leaf.rights & Rights.WRITE) != 0);
            assertThat(read).as("read from 0x%x of %s", iova, leaf).isEqualTo((leaf.rights & Rights.READ) != 0);
            assertThat(outputOf(inspector, iova, dev.sva4j.api.Access.WRITE)).isEqualTo(written ? output : REFUSED);
            assertThat(outputOf(inspector, iova, dev.sva4j.api.Access.READ)).isEqualTo(read ? output : REFUSED);
        }
        for (long hole : tables.holes()) {
            assertThat(outcome(hole, Rights.READ)).isEqualTo(refused(hole));
            assertThat(outputOf(inspector, hole, dev.sva4j.api.Access.READ)).isEqualTo(REFUSED);
        }
    }

    private static long outputOf(IommuInspector inspector, long iova, dev.sva4j.api.Access access) {
        IommuInspector.Answer answer = inspector.translate(DEVICE, Pasid.NONE, iova, access);
        return answer.fault() == null ? answer.pa() : REFUSED;
    }

    private record Leaf(long iova, long pa, long size, int rights) {}

    private IommuInspector inspector() {
        return new AmdInspection()
                .open(
                        memory,
                        new RegisterValues(
                                Map.of("DEVTAB_BASE", DeviceTableBase.encode(DEVICE_TABLE, DEVICE_TABLE_BYTES))));
    }

    private static List<Leaf> leaves(IommuInspector inspector) {
        List<Leaf> leaves = new ArrayList<>();
        inspector.entries().stream()
                .filter(entry -> entry.requester() == DEVICE && entry.pasid() == Pasid.NONE)
                .forEach(entry -> inspector.mappings(entry, new IommuInspector.LeafVisitor() {
                    @Override
                    public void leaf(long iova, long pa, long size, int rights) {
                        leaves.add(new Leaf(iova, pa, size, rights));
                    }

                    @Override
                    public void notInImage(long iova, long size, long table) {
                        throw new AssertionError("all tables are there");
                    }
                }));
        return leaves;
    }

    /** Whether a word that the device writes to {@code iova} is in memory then; it is there only if the access passes. */
    private boolean canWrite(long iova, long output, int word) {
        machine.qtest().write32(output, ~word);
        machine.functions().get(DEVICE).writer().write(machine.qtest(), iova, word);
        Qtest.Answer found = machine.qtest().read32(output);
        boolean passed = access().passed();
        assertThat((int) found.value() == word).as("written to 0x%x", output).isEqualTo(passed);
        return passed;
    }

    /** Whether the device reads from {@code iova} a word that is in memory. */
    private boolean canRead(long iova, long output, int word) {
        machine.qtest().write32(output, word);
        machine.functions().get(DEVICE).reader().read(machine.qtest(), iova, 1);
        AccessLog log = machine.settle();
        boolean passed = log.accesses().get(0).passed();
        assertThat(log.words().get(0) == word).as("read from 0x%x", output).isEqualTo(passed);
        return passed;
    }

    private Access outcome(long iova, int right) {
        BridgedFunction function = machine.functions().get(DEVICE);
        if (right == Rights.WRITE) {
            function.writer().write(machine.qtest(), iova, (int) WORD);
        } else {
            function.reader().read(machine.qtest(), iova, 1);
        }
        return access();
    }

    /** The only access since the last look. */
    private Access access() {
        AccessLog log = machine.settle();
        assertThat(log.accesses()).hasSize(1);
        return log.accesses().get(0);
    }

    private static Access refused(long iova) {
        return new Access(false, iova);
    }

    /** Sets the entry of the device, and makes QEMU forget whatever it knows. */
    private void device(long word0, long word1, long word2) {
        long entry = DeviceTable.entryAddress(DeviceTableBase.encode(DEVICE_TABLE, DEVICE_TABLE_BYTES), DEVICE);
        memory.store(entry, word0);
        memory.store(entry + 8, word1);
        memory.store(entry + 16, word2);
        command(InvalidateDevtabEntry.word0(DEVICE));
        command(InvalidateIommuAll.word0());
        machine.settle();
    }

    private void command(long word0) {
        long base = Ring.encode(COMMANDS, Ring.MIN_LEN);
        memory.store(Ring.entryAddress(base, tail), word0);
        memory.store(Ring.entryAddress(base, tail) + 8, 0);
        tail = Ring.next(tail, base);
        write(CommandBufferRegisters.CMDBUF_TAIL.offset(), tail);
    }

    private void write(long register, long value) {
        machine.qtest().write64(machine.registers() + register, value);
    }

    private static long hex(String value) {
        return Long.parseLong(value, 16);
    }
}
