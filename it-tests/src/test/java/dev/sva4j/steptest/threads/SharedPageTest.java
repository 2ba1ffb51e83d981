package dev.sva4j.steptest.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.spi.Behaviour;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a page of a process holds, while its rights come and go and forks share it. */
class SharedPageTest {
    private static final int ADDS = 300 * Crowd.ROUNDS;
    private static final int WRITES = 300 * Crowd.ROUNDS;

    static List<Behaviour> behaviours() {
        return Crowd.behaviours();
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void atomics_of_all_devices_add_up(Behaviour behaviour) {
        try (Crowd crowd = new Crowd(behaviour)) {
            AddressSpace process = sharedPage(crowd);
            List<SvaBond> bonds = bindAll(crowd, process);
            AtomicLong added = new AtomicLong();
            AtomicInteger adders = new AtomicInteger();
            for (SvaBond bond : bonds) {
                String device = bond.device().spec().name();
                adders.incrementAndGet();
                crowd.thread("adder " + device, () -> {
                    DmaPort port = crowd.port(device);
                    for (int i = 0; i < ADDS && crowd.goesOn(); i++) {
                        added.addAndGet(port.fetchAdd(bond.pasid(), Crowd.AT, 1) == DmaStatus.OK ? 1 : 0);
                    }
                    adders.decrementAndGet();
                });
            }
            crowd.thread("rights", () -> {
                while (adders.get() > 0 && crowd.goesOn()) {
                    process.protect(Crowd.AT, Crowd.PAGE, Protection.READ);
                    process.protect(Crowd.AT, Crowd.PAGE, Protection.READ_WRITE);
                }
            });
            crowd.thread("forks", () -> {
                while (adders.get() > 0 && crowd.goesOn()) {
                    forkAndLook(process);
                }
            });

            crowd.run();

            assertThat(Bytes.read(process, Crowd.AT)).isEqualTo(added.get()).isPositive();
            unbindAll(bonds);
            process.close();
        }
    }

    /** A child does not see what happens to its parent, and the other way round. */
    private static void forkAndLook(AddressSpace process) {
        try (AddressSpace child = process.fork("child")) {
            long then = Bytes.read(child, Crowd.AT);
            Thread.yield();
            assertThat(Bytes.read(child, Crowd.AT))
                    .as("a child's page while the parent's is written")
                    .isEqualTo(then);
            // The parent may have been read-only at that moment.
            child.protect(Crowd.AT, Crowd.PAGE, Protection.READ_WRITE);
            Bytes.write(child, Crowd.AT, -1);
        }
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void readers_see_what_the_one_writer_has_written_and_nothing_older(Behaviour behaviour) {
        try (Crowd crowd = new Crowd(behaviour)) {
            AddressSpace process = sharedPage(crowd);
            List<SvaBond> bonds = bindAll(crowd, process);
            // A value may be seen from when its write begins, and nothing older once it has ended.
            AtomicLong begun = new AtomicLong();
            AtomicLong ended = new AtomicLong();
            for (SvaBond bond : bonds) {
                String device = bond.device().spec().name();
                crowd.thread("reader " + device, () -> {
                    DmaPort port = crowd.port(device);
                    byte[] data = new byte[Long.BYTES];
                    while (ended.get() < WRITES && crowd.goesOn()) {
                        long least = ended.get();
                        if (port.read(bond.pasid(), Crowd.AT, data, 0, data.length) == DmaStatus.OK) {
                            assertThat(Bytes.word(data)).as(device).isBetween(least, begun.get());
                        }
                    }
                });
            }
            crowd.thread("reader CPU", () -> {
                while (ended.get() < WRITES && crowd.goesOn()) {
                    long least = ended.get();
                    assertThat(Bytes.read(process, Crowd.AT)).as("CPU").isBetween(least, begun.get());
                }
            });
            crowd.thread("writer", () -> write(crowd, process, bonds, begun, ended));
            crowd.thread("forks", () -> {
                while (ended.get() < WRITES && crowd.goesOn()) {
                    forkAndLook(process);
                }
            });

            crowd.run();
            unbindAll(bonds);
            process.close();
        }
    }

    /** By the CPU and by each device in turn; what a device is refused is written by the CPU. */
    private static void write(
            Crowd crowd, AddressSpace process, List<SvaBond> bonds, AtomicLong begun, AtomicLong ended) {
        List<DmaPort> ports = new ArrayList<>();
        bonds.forEach(bond -> ports.add(crowd.port(bond.device().spec().name())));
        for (long value = 1; value <= WRITES && crowd.goesOn(); value++) {
            begun.set(value);
            int turn = (int) (value % (bonds.size() + 1));
            boolean written = turn < bonds.size()
                    && ports.get(turn).write(bonds.get(turn).pasid(), Crowd.AT, Bytes.of(value), 0, Long.BYTES)
                            == DmaStatus.OK;
            if (!written) {
                Bytes.write(process, Crowd.AT, value);
            }
            ended.set(value);
        }
    }

    private static AddressSpace sharedPage(Crowd crowd) {
        AddressSpace process = crowd.process("shared");
        process.map(Crowd.AT, Crowd.PAGE, Protection.READ_WRITE);
        Bytes.write(process, Crowd.AT, 0);
        return process;
    }

    private static List<SvaBond> bindAll(Crowd crowd, AddressSpace process) {
        List<SvaBond> bonds = new ArrayList<>();
        for (SvaDevice device : crowd.devices.values()) {
            bonds.add(device.bind(process, null));
        }
        return bonds;
    }

    private static void unbindAll(List<SvaBond> bonds) {
        bonds.forEach(SvaBond::unbind);
    }
}
