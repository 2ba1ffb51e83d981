package dev.sva4j.steptest;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.Scheduler;
import java.time.Duration;

/** Gives everything back at the end of a run, and looks whether nothing is missing. */
final class Ending {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    // Tables for PASIDs stay with a device until it is detached; whether they do then is looked at by the close of the
    // system.
    private static final long KEPT_FRAMES = 32;

    private final Machine machine;
    private final Scheduler scheduler;

    Ending(Machine machine) {
        this.machine = machine;
        this.scheduler = machine.system.scheduler();
    }

    /** {@code free}: frames that were free at the beginning. */
    void end(long free) {
        if (machine.hog() != null) {
            machine.freeMemory();
        }
        machine.processes.values().forEach(AddressSpace::close);
        await("processes are reclaimed", this::allReclaimed);
        await(
                "callbacks have started",
                () -> machine.bonds.values().stream()
                        .allMatch(each ->
                                each.bond().state() != dev.sva4j.api.BondState.QUIESCED || each.plan().starts > 0));
        machine.bonds.values().forEach(each -> each.plan().letReturn());
        machine.bonds.values().forEach(Ending::unbindAll);
        machine.stations.values().forEach(station -> {
            int last = station.initialised.size() - 1;
            if (last >= 0) {
                station.initialised.get(last).device().close(Duration.ofNanos(PATIENCE_NANOS));
            }
        });
        await("PASIDs are back", () -> machine.system.pasids().allocated() == 0);
        long missing = free - machine.freeFrames();
        if (missing < 0 || missing > KEPT_FRAMES * machine.stations.size()) {
            throw new AssertionError(missing + " frames of " + free + " are missing at the end");
        }
    }

    private boolean allReclaimed() {
        return machine.processes.values().stream().allMatch(AddressSpace::isReclaimed);
    }

    private static void unbindAll(Machine.Bonded bonded) {
        try {
            while (true) {
                bonded.bond().unbind();
            }
        } catch (SvaException e) {
            if (e.error() != SvaError.STALE) {
                throw e;
            }
        }
    }

    private void await(String what, java.util.function.BooleanSupplier condition) {
        if (!scheduler.await(condition, scheduler.nanoTime() + PATIENCE_NANOS)) {
            throw new AssertionError("at the end it never happens that " + what);
        }
    }
}
