package dev.sva4j.conformance;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Does whatever can be done to two processes and a device, on several tasks at the same time, and tidies up. */
final class RandomLife {
    private static final int TASKS = 3;
    private static final int STEPS = 15;
    private static final long SPAN = 8 * Machine.PAGE_SIZE;

    /** What a call may answer when someone else was faster. BUSY: untagged traffic belongs to one process at a time. */
    private static final Set<SvaError> OVERTAKEN = EnumSet.of(
            SvaError.STALE, SvaError.EXISTS, SvaError.NOT_FOUND, SvaError.NO_MEMORY, SvaError.NO_SPACE, SvaError.BUSY);

    private final Machine machine;
    private final long seed;
    private final Accelerator device;
    private final List<AddressSpace> processes;

    RandomLife(Machine machine, long seed) {
        this.machine = machine;
        this.seed = seed;
        this.device = machine.accelerator();
        this.processes = List.of(machine.process("one"), machine.process("two"));
    }

    void run() {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            Random random = new Random(seed * TASKS + i);
            Channel channel = device.newChannel();
            jobs.add(machine.start("life " + i, () -> live(random, channel)));
        }
        jobs.forEach(Job::join);
        device.unbindAll();
        processes.forEach(AddressSpace::close);
    }

    private void live(Random random, Channel channel) {
        for (int step = 0; step < STEPS; step++) {
            try {
                step(random, channel);
            } catch (SvaException e) {
                if (!OVERTAKEN.contains(e.error())) {
                    throw new AssertionError("refused for no good reason: " + e, e);
                }
            }
        }
    }

    private void step(Random random, Channel channel) {
        AddressSpace mm = processes.get(random.nextInt(processes.size()));
        long at = Machine.BASE + random.nextInt(4) * SPAN;
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> device.bind(mm);
            case 3 -> anyBond(random).ifPresent(SvaBond::unbind);
            case 4, 5 -> mm.map(at, SPAN, Protection.READ_WRITE);
            case 6 -> mm.unmap(at, SPAN);
            case 7 -> mm.fork("child").close();
            case 8 ->
                anyBond(random).ifPresent(bond -> access(channel, bond, at + random.nextInt(8) * Machine.PAGE_SIZE));
            default -> {
                if (random.nextInt(4) == 0) {
                    mm.exit();
                } else {
                    Machine.poke(mm, at, random.nextLong());
                }
            }
        }
    }

    private Optional<SvaBond> anyBond(Random random) {
        List<SvaBond> bonds = device.driver().bonds();
        return bonds.isEmpty() ? Optional.empty() : Optional.of(bonds.get(random.nextInt(bonds.size())));
    }

    private static void access(Channel channel, SvaBond bond, long at) {
        DmaStatus status = channel.store(bond.pasid(), at, at);
        if (status != DmaStatus.OK && !Refusals.ACCESS.contains(status)) {
            throw new AssertionError("an access ended with " + status);
        }
    }
}
