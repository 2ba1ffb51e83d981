package dev.sva4j.steptest;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SystemCounters;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.steptest.model.Event;
import dev.sva4j.steptest.model.Explainer;
import dev.sva4j.steptest.model.Layout;
import dev.sva4j.steptest.model.Observation;
import dev.sva4j.steptest.model.Op;
import dev.sva4j.steptest.model.OpKind;
import dev.sva4j.steptest.model.Outcome;
import dev.sva4j.steptest.model.Snapshot;
import dev.sva4j.steptest.model.Target;
import dev.sva4j.steptest.model.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What is looked at between steps. */
final class Checks {
    /** By the virtual clock: whatever goes on by itself is over long before, and then time jumps. */
    private static final long QUIET_NANOS = 2_000_000;

    /** Both ends of a page, which are all that operations touch. */
    private static final int WINDOW = 16;

    private static final int TAIL = Layout.PAGE - WINDOW;

    /** A lane of its own, so that probes have channels of their own. */
    private static final int LANE = 99;

    private static final int DMA_PROBES = 2;

    private final Machine machine;
    private final Caller caller;

    Checks(Machine machine, Caller caller) {
        this.machine = machine;
        this.caller = caller;
    }

    /** Lets everything go on until nothing does. */
    void settle() {
        Scheduler scheduler = machine.system.scheduler();
        scheduler.await(() -> false, scheduler.nanoTime() + QUIET_NANOS);
    }

    /** Everything that can be seen of processes and bonds. */
    Snapshot snapshot(World before, List<List<Event>> seen) {
        List<Snapshot.ProcessView> processes = new ArrayList<>();
        for (int slot = 0; slot < before.processSlotCount(); slot++) {
            int id = processIn(before, slot, seen);
            AddressSpace process = machine.processes.get(id);
            if (process != null) {
                processes.add(new Snapshot.ProcessView(
                        id, process.isExiting(), process.isReclaimed(), residentExtents(process)));
            }
        }
        List<Snapshot.BondView> bonds = new ArrayList<>();
        for (Machine.Bonded each : machine.bonds.values()) {
            bonds.add(new Snapshot.BondView(
                    each.serial(), each.bond().state().name(), each.plan().starts, each.plan().returns));
        }
        return new Snapshot(processes, bonds, machine.system.pasids().allocated());
    }

    /** What is in a slot after the step. */
    private static int processIn(World before, int slot, List<List<Event>> seen) {
        for (List<Event> lane : seen) {
            for (Event event : lane) {
                boolean makes = event.op().kind() == OpKind.CREATE
                        || event.op().kind() == OpKind.FORK
                        || event.op().kind() == OpKind.EXEC;
                if (makes && event.target().slot() == slot && event.seen().outcome() == Outcome.OK) {
                    return event.target().fresh();
                }
            }
        }
        return before.processIn(slot);
    }

    private static int residentExtents(AddressSpace process) {
        int resident = 0;
        for (int extent = 0; extent < Layout.EXTENTS.size(); extent++) {
            resident |= process.isResident(Layout.EXTENTS.get(extent).address()) ? 1 << extent : 0;
        }
        return resident;
    }

    /**
     * Nothing is reported of what user space can cause at will, nor of a process that has died (I20, I28); what a device does with a number
     * that nobody has bound is reported.
     */
    void reports(World before, World after, List<List<Event>> seen) {
        for (FaultRecord fault : machine.reported) {
            machine.stations.forEach((device, station) -> {
                if (station.spec.requester() == fault.requester()) {
                    requireMayReport(before, after, device, fault);
                }
            });
        }
        Event only = seen.size() == 1 && seen.get(0).size() == 1 ? seen.get(0).get(0) : null;
        if (only != null && mustReport(before, only)) {
            boolean reported = machine.reported.stream()
                    .anyMatch(fault -> fault.pasid() == only.seen().number());
            if (!reported) {
                throw new AssertionError("the abort of " + only + " was not reported");
            }
        }
        machine.reported.clear();
    }

    /** Not of a device without a driver, nor of a translation request: how those are recorded is up to the architecture. */
    private boolean mustReport(World before, Event event) {
        int device = event.target().device();
        return Coverage.isDmaOfUnboundPasid(before, event)
                && event.op().kind() != OpKind.DMA_PREFETCH
                && event.seen().outcome() == Outcome.ABORTED
                && !machine.stations.get(device).kind.ats
                && machine.isOpen(device);
    }

    private void requireMayReport(World before, World after, int device, FaultRecord fault) {
        for (Map.Entry<Integer, AddressSpace> each : machine.processes.entrySet()) {
            int process = each.getKey();
            int serial = before.bondSerial(device, process);
            boolean stays = serial >= 0 && serial == after.bondSerial(device, process);
            if (stays && machine.bonds.get(serial).bond().pasid() == fault.pasid()) {
                throw new AssertionError("reported although its PASID was bound or quiesced all the time: " + fault);
            }
        }
    }

    /** Each group has one answer, none of them FAILURE; each DMA has an end. */
    void counters() {
        SystemCounters counters = machine.system.counters();
        long answers = counters.responsesSuccess() + counters.responsesInvalid() + counters.responsesFailure();
        require(counters.pageGroups() == answers, counters);
        require(counters.responsesFailure() == 0, counters);
        require(counters.faultsFromHardware() == counters.faultsReported() + counters.faultsDropped(), counters);
        require(counters.dmaAttempted() == counters.dmaCompleted() + counters.dmaAborted(), counters);
    }

    private static void require(boolean holds, SystemCounters counters) {
        if (!holds) {
            throw new AssertionError("counters do not add up: " + counters);
        }
    }

    /** Compares contents: every page that has a frame, as the CPU sees it, and a few as devices do. */
    List<World> probe(List<World> worlds, int number) {
        List<World> now = worlds;
        World any = worlds.get(0);
        Random random = new Random(number);
        for (int slot = 0; slot < any.processSlotCount(); slot++) {
            int id = any.processIn(slot);
            if (any.isAlive(id)) {
                for (int extent = 0; extent < Layout.EXTENTS.size(); extent++) {
                    now = isComparable(any, id, extent) ? readByCpu(now, slot, id, extent) : now;
                }
            }
        }
        for (int i = 0; i < DMA_PROBES; i++) {
            int slot = random.nextInt(any.processSlotCount());
            int device = any.deviceIn(random.nextInt(machine.kinds()));
            int extent = random.nextInt(Layout.EXTENTS.size());
            int id = any.processIn(slot);
            boolean bound = any.isAlive(id) && any.bondState(device, id).equals("BOUND");
            now = bound && isComparable(any, id, extent) ? readByDevice(now, slot, id, device, extent) : now;
        }
        return now;
    }

    /** Compares contents as every device sees them. */
    List<World> sweep(List<World> worlds) {
        List<World> now = worlds;
        World any = worlds.get(0);
        for (int slot = 0; slot < any.processSlotCount(); slot++) {
            int id = any.processIn(slot);
            for (int i = 0; any.isAlive(id) && i < machine.kinds(); i++) {
                for (int extent = 0; extent < Layout.EXTENTS.size(); extent++) {
                    boolean bound = any.bondState(any.deviceIn(i), id).equals("BOUND");
                    now = bound && isComparable(any, id, extent)
                            ? readByDevice(now, slot, id, any.deviceIn(i), extent)
                            : now;
                }
            }
        }
        return now;
    }

    /** Reading must not change anything. */
    private static boolean isComparable(World world, int process, int extent) {
        return Layout.isPage(extent) && world.isResident(process, extent) && world.isReadable(process, extent);
    }

    private List<World> readByCpu(List<World> worlds, int slot, int id, int extent) {
        byte[] page = new byte[Layout.PAGE];
        Observation read = Observation.of(Outcome.OK);
        try {
            machine.processes.get(id).read(Layout.EXTENTS.get(extent).address(), page, 0, page.length);
        } catch (SvaException e) {
            // Only one of several worlds thinks that it is readable.
            read = Caller.refusal(e);
        }
        for (int i = WINDOW; i < TAIL; i++) {
            if (page[i] != 0) {
                throw new AssertionError("byte " + i + " of extent " + extent + " of process " + id + " is " + page[i]);
            }
        }
        List<World> now = worlds;
        for (int offset : new int[] {0, TAIL}) {
            Op op = new Op(OpKind.CPU_READ, slot, 0, 0, extent, extent, offset, WINDOW, 0, 0);
            byte[] window = java.util.Arrays.copyOfRange(page, offset, offset + WINDOW);
            now = Explainer.explain(now, new Event(op, Target.of(id, -1), read.withData(window), 0));
        }
        return now;
    }

    private List<World> readByDevice(List<World> worlds, int slot, int id, int device, int extent) {
        Op op = new Op(OpKind.DMA_READ, slot, 0, 0, extent, extent, 0, WINDOW, 0, 0);
        Target target = Target.of(id, device);
        return Explainer.explain(worlds, new Event(op, target, caller.call(LANE, op, target, -1), 0));
    }
}
