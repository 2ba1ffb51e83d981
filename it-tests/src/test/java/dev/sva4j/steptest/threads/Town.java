package dev.sva4j.steptest.threads;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A few processes that several threads do anything with. */
final class Town {
    private static final int STEPS = 500;
    private static final int PROCESSES = 3;
    private static final int PAGES = 8;
    private static final long BLOCK = 2L << 20;
    private static final long HUGE = Crowd.AT + 4 * BLOCK;

    /** How a call may end when somebody else was faster, or there is no memory left. */
    private static final Set<SvaError> OVERTAKEN =
            EnumSet.of(SvaError.STALE, SvaError.EXISTS, SvaError.NOT_FOUND, SvaError.NO_MEMORY);

    private static final Set<DmaStatus> REFUSED =
            EnumSet.of(DmaStatus.OK, DmaStatus.ABORTED, DmaStatus.UNSUPPORTED_REQUEST, DmaStatus.PAGE_REQUEST_INVALID);

    private final Crowd crowd;
    private final List<SvaDevice> devices;
    private final AtomicReferenceArray<AddressSpace> processes = new AtomicReferenceArray<>(PROCESSES);
    // Everything that there ever was, to be closed at the end.
    private final Queue<AddressSpace> all = new ConcurrentLinkedQueue<>();
    private final Queue<SvaBond> bonds = new ConcurrentLinkedQueue<>();

    Town(Crowd crowd) {
        this.crowd = crowd;
        this.devices = List.copyOf(crowd.devices.values());
        for (int i = 0; i < PROCESSES; i++) {
            move(i, crowd.process("p" + i));
        }
    }

    private void move(int house, AddressSpace process) {
        all.add(process);
        AddressSpace old = processes.getAndSet(house, process);
        if (old != null) {
            old.close();
        }
    }

    /** What one thread does. */
    void live(long seed) {
        Random random = new Random(seed);
        Map<String, DmaPort> ports = new TreeMap<>();
        crowd.devices.keySet().forEach(name -> ports.put(name, crowd.port(name)));
        for (int step = 0; step < STEPS && crowd.goesOn(); step++) {
            try {
                step(random, ports);
            } catch (SvaException e) {
                if (!OVERTAKEN.contains(e.error())) {
                    throw new AssertionError(
                            "step " + step + " of life " + seed + " was refused for no good reason", e);
                }
            }
        }
    }

    private void step(Random random, Map<String, DmaPort> ports) {
        int house = random.nextInt(PROCESSES);
        AddressSpace process = processes.get(house);
        long at = Crowd.AT + (long) random.nextInt(PAGES) * Crowd.PAGE;
        long size = (long) (1 + random.nextInt(3)) * Crowd.PAGE;
        Protection protection = random.nextInt(3) > 0 ? Protection.READ_WRITE : Protection.READ;
        switch (random.nextInt(22)) {
            case 0, 1 -> process.map(at, size, protection);
            case 2 -> process.mapHuge(HUGE, BLOCK, Protection.READ_WRITE);
            case 3 -> process.unmap(HUGE + BLOCK / 2, BLOCK / 2);
            case 4 -> process.unmap(HUGE, BLOCK);
            case 5, 6 -> process.unmap(at, size);
            case 7 -> process.protect(at, size, protection);
            case 8 -> process.discard(at, size);
            case 9 -> process.populate(at, size, Access.WRITE);
            case 10 -> fork(house, random);
            case 11 -> leave(house, random);
            case 12, 13 -> bonds.add(devices.get(random.nextInt(devices.size())).bind(process, null));
            case 14, 15 -> unbind();
            case 16 -> Bytes.write(process, at, random.nextLong());
            default -> dma(random, ports, at);
        }
    }

    private void fork(int house, Random random) {
        AddressSpace child = processes.get(house).fork("child");
        if (random.nextBoolean()) {
            move(random.nextInt(PROCESSES), child);
        } else {
            child.close();
        }
    }

    private void leave(int house, Random random) {
        AddressSpace process = processes.get(house);
        switch (random.nextInt(4)) {
            case 0 -> process.exit();
            case 1 -> process.oomKill();
            case 2 -> move(house, process.exec("exec"));
            default -> process.close();
        }
        move(house, crowd.process("fresh"));
    }

    private void unbind() {
        SvaBond bond = bonds.poll();
        if (bond != null) {
            bond.unbind();
        }
    }

    private void dma(Random random, Map<String, DmaPort> ports, long at) {
        SvaBond bond = bonds.peek();
        if (bond == null) {
            return;
        }
        DmaPort port = ports.get(bond.device().spec().name());
        long where = random.nextInt(4) == 0 ? HUGE + (long) random.nextInt(512) * Crowd.PAGE : at;
        byte[] data = new byte[64];
        DmaStatus status = switch (random.nextInt(4)) {
            case 0 -> port.read(bond.pasid(), where, data, 0, data.length);
            case 1 -> port.fetchAdd(bond.pasid(), where, 1);
            case 2 -> port.prefetch(bond.pasid(), where, Access.READ);
            default -> port.write(bond.pasid(), where + Crowd.PAGE - 32, data, 0, data.length);
        };
        if (!REFUSED.contains(status)) {
            throw new AssertionError("DMA through " + bond + " ended with " + status);
        }
    }

    /** Everybody leaves. */
    void end() {
        List<SvaBond> left = new ArrayList<>(bonds);
        left.forEach(bond -> {
            try {
                bond.unbind();
            } catch (SvaException e) {
                if (e.error() != SvaError.STALE) {
                    throw e;
                }
            }
        });
        all.forEach(AddressSpace::close);
        all.forEach(process -> {
            if (!process.awaitReclaimed(30_000_000_000L)) {
                throw new AssertionError(process.name() + " is never reclaimed");
            }
        });
    }
}
