package dev.sva4j.steptest.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.spi.Behaviour;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What devices may still do after something was taken away from them: nothing; and to whom it belongs then. */
class TakenAwayTest {
    private static final int UNMAPS = 120 * Crowd.ROUNDS;
    private static final int EXITS = 40 * Crowd.ROUNDS;
    private static final long RECLAIM_NANOS = 30_000_000_000L;

    static List<Behaviour> behaviours() {
        return Crowd.behaviours();
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void once_unmap_has_returned_no_device_writes_to_the_page_nor_to_its_next_owner(Behaviour behaviour) {
        try (Crowd crowd = new Crowd(behaviour)) {
            AddressSpace process = crowd.process("owner");
            List<SvaBond> bonds = bindAll(crowd, process);
            int pasid = bonds.get(0).pasid();
            Attackers attackers = attackers(crowd);
            crowd.thread("owner", () -> {
                for (int i = 0; i < UNMAPS && crowd.goesOn(); i++) {
                    process.map(Crowd.AT, Crowd.PAGE, Protection.READ_WRITE);
                    process.populate(Crowd.AT, Crowd.PAGE, Access.WRITE);
                    attackers.allow(pasid);
                    attackers.awaitAttempts();
                    takeAway(process, i);
                    attackers.forbid(pasid);
                    lookAfterNextOwner(crowd, attackers);
                    attackers.allow(pasid);
                    process.unmap(Crowd.AT, Crowd.PAGE);
                }
                attackers.end();
            });

            crowd.run();
            bonds.forEach(SvaBond::unbind);
            process.close();
        }
    }

    private static void takeAway(AddressSpace process, int round) {
        if (round % 3 == 0) {
            process.protect(Crowd.AT, Crowd.PAGE, Protection.READ);
            process.discard(Crowd.AT, Crowd.PAGE);
        } else {
            process.unmap(Crowd.AT, Crowd.PAGE);
        }
    }

    /** Somebody else gets frames, the one that was just freed first, and finds in them what it has put there itself. */
    private static void lookAfterNextOwner(Crowd crowd, Attackers attackers) {
        int pages = 4;
        try (AddressSpace next = crowd.process("next owner")) {
            next.map(Crowd.AT, (long) pages * Crowd.PAGE, Protection.READ_WRITE);
            for (int page = 0; page < pages; page++) {
                long at = Crowd.AT + (long) page * Crowd.PAGE;
                assertThat(Bytes.read(next, at)).as("a fresh page").isZero();
                Bytes.write(next, at, page + 1);
            }
            attackers.awaitAttempts();
            for (int page = 0; page < pages; page++) {
                assertThat(Bytes.read(next, Crowd.AT + (long) page * Crowd.PAGE))
                        .as("a page of the next owner")
                        .isEqualTo(page + 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void once_a_process_is_reclaimed_no_device_writes_to_its_pages_nor_to_their_next_owner(Behaviour behaviour) {
        try (Crowd crowd = new Crowd(behaviour)) {
            Attackers attackers = attackers(crowd);
            crowd.thread("life", () -> {
                for (int i = 0; i < EXITS && crowd.goesOn(); i++) {
                    liveAndDie(crowd, attackers, i);
                }
                attackers.end();
            });
            crowd.run();
        }
    }

    private static void liveAndDie(Crowd crowd, Attackers attackers, int round) {
        AddressSpace process = crowd.process("mortal " + round);
        process.map(Crowd.AT, Crowd.PAGE, Protection.READ_WRITE);
        process.populate(Crowd.AT, Crowd.PAGE, Access.WRITE);
        List<SvaBond> bonds = bindAll(crowd, process);
        int pasid = bonds.get(0).pasid();
        attackers.allow(pasid);
        attackers.awaitAttempts();
        if (round % 3 == 0) {
            process.oomKill();
        } else {
            process.exit();
        }
        assertThat(process.awaitReclaimed(RECLAIM_NANOS)).as("reclaimed").isTrue();
        attackers.forbid(pasid);
        lookAfterNextOwner(crowd, attackers);
        bonds.forEach(SvaBond::unbind);
        lookAfterNextOwner(crowd, attackers);
        process.close();
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void once_unbind_has_returned_no_device_writes_with_the_pasid(Behaviour behaviour) {
        try (Crowd crowd = new Crowd(behaviour)) {
            Attackers attackers = attackers(crowd);
            crowd.thread("driver", () -> {
                AddressSpace process = crowd.process("patient");
                process.map(Crowd.AT, Crowd.PAGE, Protection.READ_WRITE);
                process.populate(Crowd.AT, Crowd.PAGE, Access.WRITE);
                for (int i = 0; i < EXITS && crowd.goesOn(); i++) {
                    List<SvaBond> bonds = bindAll(crowd, process);
                    int pasid = bonds.get(0).pasid();
                    attackers.allow(pasid);
                    attackers.awaitAttempts();
                    bonds.forEach(SvaBond::unbind);
                    Bytes.write(process, Crowd.AT, i);
                    attackers.forbid(pasid);
                    attackers.awaitAttempts();
                    assertThat(Bytes.read(process, Crowd.AT)).isEqualTo(i);
                    attackers.allow(pasid);
                }
                process.close();
                attackers.end();
            });
            crowd.run();
        }
    }

    private static Attackers attackers(Crowd crowd) {
        Attackers attackers = new Attackers(crowd);
        crowd.devices.keySet().forEach(attackers::add);
        return attackers;
    }

    private static List<SvaBond> bindAll(Crowd crowd, AddressSpace process) {
        List<SvaBond> bonds = new ArrayList<>();
        for (SvaDevice device : crowd.devices.values()) {
            bonds.add(device.bind(process, null));
        }
        return bonds;
    }
}
