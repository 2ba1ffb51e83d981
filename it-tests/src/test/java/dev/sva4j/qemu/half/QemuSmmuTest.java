package dev.sva4j.qemu.half;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
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
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaListener;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SvaSystemBuilder;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The driver half for SMMUv3, and core above it, on an SMMUv3 that other people wrote. */
@Timeout(60)
class QemuSmmuTest {
    private static final String DEVICE = "dev0";
    private static final String OTHER = "dev1";
    private static final long PAGE = AddressSpace.PAGE_SIZE;
    private static final long AT = 0x7f12_3456_7000L;
    private static final long WORD = 0x0123_4567_89ab_cdefL;
    private static final long PATIENCE = 10_000_000_000L;

    private final List<FaultRecord> reported = new CopyOnWriteArrayList<>();
    private final List<FaultRecord> dropped = new CopyOnWriteArrayList<>();
    private SvaSystem system;

    /** Null before it is used. */
    private SvaDevice device;

    @BeforeEach
    void start() {
        QemuBinary.require("aarch64");
        system = SvaSystem.builder()
                .driver(new SmmuVendor())
                .hardware(new QemuSmmuVendor())
                .memory(4 << 20)
                .device(device(DEVICE, 0))
                .device(device(OTHER, 1))
                .listener(new SvaListener() {
                    @Override
                    public void faultReported(FaultRecord fault) {
                        reported.add(fault);
                    }

                    @Override
                    public void faultDropped(FaultRecord fault) {
                        dropped.add(fault);
                    }
                })
                .build();
    }

    private static DeviceSpec device(String name, int index) {
        return DeviceSpec.platform(name, QemuSmmuVendor.REQUESTERS.get(index))
                .withPasidBits(0)
                .withStall(false);
    }

    @AfterEach
    void everythingComesBack() {
        if (system != null) {
            SvaDevice initialised = device;
            if (initialised != null) {
                initialised.close();
            }
            // Throws if a frame or a bond is missing.
            system.close();
        }
    }

    // Bring-up

    @Test
    void the_driver_finds_that_nothing_stalls() {
        system.addDevice(DeviceSpec.platform("stall0", 0x100).withPasidBits(0));
        DeviceOptions options = DeviceOptions.DEFAULT.withFeatures(DeviceFeature.PAGE_FAULTS, DeviceFeature.NO_PASID);

        assertThatThrownBy(() -> system.initDevice("stall0", options))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.UNSUPPORTED));
    }

    @Test
    void the_driver_finds_that_there_are_no_pasids() {
        assertThatThrownBy(() -> system.initDevice(DEVICE, DeviceOptions.DEFAULT.withFeatures()))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.UNSUPPORTED));
    }

    @Test
    void what_nothing_is_bound_to_is_refused() {
        assertThat(load(DEVICE, AT)).isEqualTo(DmaStatus.ABORTED);
    }

    @Test
    void what_nothing_is_bound_to_is_reported_with_its_requester() {
        load(OTHER, AT);

        awaitReports(1);
        assertThat(reported.get(0).reason()).isEqualTo(FaultReason.BAD_PASID_ENTRY);
        assertThat(reported.get(0).requester()).isEqualTo(QemuSmmuVendor.REQUESTERS.get(1));
    }

    // A process behind untagged traffic

    @Test
    void the_device_reads_what_the_process_has_written() {
        AddressSpace mm = process(Protection.READ_WRITE);
        poke(mm, AT + 8, WORD);
        bind(mm);
        byte[] word = new byte[Long.BYTES];

        DmaStatus status = system.endpoint(DEVICE).openPort().read(DmaPort.NO_PASID, AT + 8, word, 0, word.length);

        assertThat(status).isEqualTo(DmaStatus.OK);
        assertThat(valueOf(word)).isEqualTo(WORD);
    }

    @Test
    void the_process_reads_what_the_device_has_written() {
        AddressSpace mm = process(Protection.READ_WRITE);
        bind(mm);

        assertThat(store(DEVICE, AT + 8, WORD)).isEqualTo(DmaStatus.OK);

        assertThat(peek(mm, AT + 8)).isEqualTo(WORD);
    }

    @Test
    void what_one_device_reaches_the_other_does_not() {
        bind(process(Protection.READ_WRITE));

        assertThat(store(OTHER, AT, WORD)).isEqualTo(DmaStatus.ABORTED);
    }

    @Test
    void a_page_that_the_process_does_not_have_is_refused_with_its_address() {
        bind(process(Protection.READ_WRITE));

        assertThat(store(DEVICE, AT + PAGE + 0x18, WORD)).isEqualTo(DmaStatus.ABORTED);

        awaitDrops(1);
        assertThat(dropped.get(0).reason()).isEqualTo(FaultReason.NOT_PRESENT);
        assertThat(dropped.get(0).address()).isEqualTo(AT + PAGE + 0x18);
    }

    @Test
    void a_write_to_a_read_only_page_is_a_fault_of_permission() {
        AddressSpace mm = process(Protection.READ_WRITE);
        mm.protect(AT, PAGE, Protection.READ);
        bind(mm);

        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.ABORTED);

        assertThat(peek(mm, AT)).isZero();
        awaitDrops(1);
        assertThat(dropped.get(0).reason()).isEqualTo(FaultReason.PERMISSION);
    }

    /** But for PROT_NONE, see {@link QemuRulesTest}. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void the_rights_of_the_device_are_those_of_the_process(Protection protection) {
        AddressSpace mm = process(Protection.READ_WRITE);
        mm.protect(AT, PAGE, protection);
        bind(mm);

        assertThat(load(DEVICE, AT) == DmaStatus.OK).isEqualTo(protection.allows(Access.READ));
        assertThat(store(DEVICE, AT, WORD) == DmaStatus.OK).isEqualTo(protection.allows(Access.WRITE));
    }

    // Invalidation: QEMU's caches hold the translation that goes

    @Test
    void after_unmap_the_page_is_out_of_reach() {
        AddressSpace mm = process(Protection.READ_WRITE);
        bind(mm);
        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.OK);

        mm.unmap(AT, PAGE);

        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.ABORTED);
    }

    @Test
    void after_write_protection_the_page_is_not_written() {
        AddressSpace mm = process(Protection.READ_WRITE);
        bind(mm);
        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.OK);

        mm.protect(AT, PAGE, Protection.READ);

        assertThat(store(DEVICE, AT, ~WORD)).isEqualTo(DmaStatus.ABORTED);
        assertThat(peek(mm, AT)).isEqualTo(WORD);
    }

    @Test
    void after_unmap_and_map_the_new_page_is_written() {
        AddressSpace mm = process(Protection.READ_WRITE);
        bind(mm);
        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.OK);

        mm.unmap(AT, PAGE);
        mm.map(AT, PAGE, Protection.READ_WRITE);
        poke(mm, AT, 0);

        assertThat(store(DEVICE, AT, ~WORD)).isEqualTo(DmaStatus.OK);
        assertThat(peek(mm, AT)).isEqualTo(~WORD);
    }

    // The process dies while the device goes on

    @Test
    void after_exit_nothing_is_reached() {
        AddressSpace mm = process(Protection.READ_WRITE);
        bind(mm);
        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.OK);

        mm.exit();

        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.ABORTED);
    }

    /** The one record of the other device comes after those that there should not be: the queue keeps the order. */
    @Test
    void after_exit_nothing_is_recorded() {
        AddressSpace mm = process(Protection.READ_WRITE);
        bind(mm);
        mm.exit();

        store(DEVICE, AT, WORD);
        store(DEVICE, AT + PAGE, WORD);
        load(OTHER, AT);

        awaitReports(1);
        assertThat(system.counters().faultsFromHardware()).isEqualTo(1);
    }

    @Test
    void after_unbind_the_process_is_out_of_reach() {
        AddressSpace mm = process(Protection.READ_WRITE);
        SvaBond bond = bind(mm);
        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.OK);

        bond.unbind();

        assertThat(store(DEVICE, AT, ~WORD)).isEqualTo(DmaStatus.ABORTED);
        assertThat(peek(mm, AT)).isEqualTo(WORD);
    }

    @Test
    void after_unbind_accesses_are_reported_again() {
        SvaBond bond = bind(process(Protection.READ_WRITE));
        bond.unbind();

        store(DEVICE, AT, WORD);

        awaitReports(1);
        assertThat(reported.get(0).reason()).isEqualTo(FaultReason.BAD_PASID_ENTRY);
    }

    @Test
    void the_next_process_sees_nothing_of_the_one_before() {
        AddressSpace first = process(Protection.READ_WRITE);
        bind(first).unbind();
        AddressSpace second = process(Protection.READ_WRITE);
        bind(second);

        assertThat(store(DEVICE, AT, WORD)).isEqualTo(DmaStatus.OK);

        assertThat(peek(first, AT)).isZero();
        assertThat(peek(second, AT)).isEqualTo(WORD);
    }

    // Nothing is left behind

    @Test
    void closing_the_system_ends_qemu() {
        assertThat(runningQemus()).isEqualTo(1);

        system.close();

        assertThat(runningQemus()).isZero();
    }

    @Test
    void a_start_that_fails_leaves_no_qemu() {
        SvaSystemBuilder twins = SvaSystem.builder()
                .driver(new SmmuVendor())
                .hardware(new QemuSmmuVendor())
                .device(device(DEVICE, 0))
                .device(device(OTHER, 0));

        assertThatThrownBy(twins::build).isInstanceOf(SvaException.class);

        assertThat(runningQemus()).as("the one of the system of this test").isEqualTo(1);
    }

    private static long runningQemus() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(child -> child.info().command().orElse("").contains("qemu-system-aarch64"))
                .count();
    }

    // What the tests say

    private SvaBond bind(AddressSpace mm) {
        return driver().bindUntagged(mm, null);
    }

    /** The device with its driver, initialised at the first call. */
    private SvaDevice driver() {
        SvaDevice known = device;
        if (known == null) {
            known = system.initDevice(DEVICE, DeviceOptions.DEFAULT.withFeatures(DeviceFeature.NO_PASID));
            device = known;
        }
        return known;
    }

    /** One page, zero and resident. */
    private AddressSpace process(Protection protection) {
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, PAGE, protection);
        poke(mm, AT, 0);
        return mm;
    }

    private DmaStatus load(String from, long at) {
        return system.endpoint(from).openPort().read(DmaPort.NO_PASID, at, new byte[Long.BYTES], 0, Long.BYTES);
    }

    private DmaStatus store(String from, long at, long value) {
        return system.endpoint(from).openPort().write(DmaPort.NO_PASID, at, bytesOf(value), 0, Long.BYTES);
    }

    private void awaitReports(int count) {
        assertThat(system.scheduler()
                        .await(
                                () -> reported.size() >= count,
                                system.scheduler().nanoTime() + PATIENCE))
                .as("%d faults are reported", count)
                .isTrue();
    }

    private void awaitDrops(int count) {
        assertThat(system.scheduler()
                        .await(() -> dropped.size() >= count, system.scheduler().nanoTime() + PATIENCE))
                .as("%d faults of user space are dropped", count)
                .isTrue();
    }

    private static void poke(AddressSpace mm, long at, long value) {
        mm.write(at, bytesOf(value), 0, Long.BYTES);
    }

    private static long peek(AddressSpace mm, long at) {
        byte[] word = new byte[Long.BYTES];
        mm.read(at, word, 0, word.length);
        return valueOf(word);
    }

    private static byte[] bytesOf(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private static long valueOf(byte[] word) {
        return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
