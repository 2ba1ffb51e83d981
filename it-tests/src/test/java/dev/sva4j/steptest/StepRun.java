package dev.sva4j.steptest;

import dev.sva4j.api.SvaException;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.steptest.model.Event;
import dev.sva4j.steptest.model.Explainer;
import dev.sva4j.steptest.model.Op;
import dev.sva4j.steptest.model.Resolver;
import dev.sva4j.steptest.model.Target;
import dev.sva4j.steptest.model.World;
import java.util.ArrayList;
import java.util.List;

/** One script on one system under the seeded scheduler, compared with the model step by step. */
final class StepRun {
    /** Slots for processes. */
    static final int PROCESSES = 4;

    /** By the virtual clock. Longer than the time-out of a command, so that a lost one is seen as what it is. */
    private static final long STEP_NANOS = 30_000_000_000L;

    private final Machine machine;
    private final Caller caller;
    private final Checks checks;
    private final Coverage coverage;
    private final Scheduler scheduler;
    private List<World> worlds = List.of(World.initial(PROCESSES));
    private int fresh = 100;

    private StepRun(Machine machine, Coverage coverage) {
        this.machine = machine;
        this.coverage = coverage;
        this.caller = new Caller(machine);
        this.checks = new Checks(machine, caller);
        this.scheduler = machine.system.scheduler();
    }

    /**
     * Runs a script.
     *
     * @throws StepFailure if it does not go as the model says
     */
    static void run(Config config, Script script, Coverage coverage) {
        int[] step = {-1};
        try (Machine machine = new Machine(config)) {
            StepRun run = new StepRun(machine, coverage);
            machine.system.scheduler().run("step test", () -> run.runAll(script, step));
        } catch (StepFailure e) {
            throw e;
        } catch (RuntimeException | AssertionError e) {
            throw new StepFailure(step[0], e.toString(), e);
        }
    }

    private void runAll(Script script, int[] step) {
        long free = machine.freeFrames();
        for (Script.Step each : script.steps()) {
            step[0]++;
            try {
                run(step[0], each);
            } catch (Explainer.UnexplainedException | AssertionError | IllegalStateException | SvaException e) {
                throw new StepFailure(step[0], e.getMessage() + "\n    in " + each, e);
            }
        }
        step[0] = -1;
        try {
            worlds = checks.sweep(worlds);
            new Ending(machine).end(free);
        } catch (Explainer.UnexplainedException | AssertionError | IllegalStateException | SvaException e) {
            throw new StepFailure(-1, e.getMessage(), e);
        }
    }

    private void run(int number, Script.Step step) {
        World before = worlds.get(0);
        Resolver resolver = new Resolver(before, fresh);
        List<List<Event>> planned = new ArrayList<>();
        for (List<Op> lane : step.lanes()) {
            List<Event> events = new ArrayList<>();
            for (Op op : lane) {
                Target target = resolver.resolve(op);
                events.add(new Event(op, target, null, events.size() + 100 * planned.size()));
            }
            planned.add(events);
        }
        fresh = resolver.nextFresh();
        List<List<Event>> seen = carryOut(planned);
        checks.settle();
        worlds = Explainer.explain(worlds, seen, checks.snapshot(worlds.get(0), seen));
        coverage.count(before, seen);
        checks.reports(before, worlds.get(0), seen);
        checks.counters();
        worlds = checks.probe(worlds, number);
        worlds.forEach(world -> world.purge().forEach(machine.bonds::remove));
    }

    private List<List<Event>> carryOut(List<List<Event>> planned) {
        List<List<Event>> seen = new ArrayList<>();
        List<Scheduler.Task> tasks = new ArrayList<>();
        boolean alone = planned.size() == 1;
        Throwable[] crash = new Throwable[1];
        for (int i = 0; i < planned.size(); i++) {
            int lane = i;
            List<Event> done = new ArrayList<>();
            seen.add(done);
            tasks.add(scheduler.spawn("lane " + lane, () -> {
                try {
                    for (Event each : planned.get(lane)) {
                        long free = alone ? machine.freeFrames() : -1;
                        done.add(new Event(
                                each.op(),
                                each.target(),
                                caller.call(lane, each.op(), each.target(), free),
                                each.run()));
                    }
                } catch (RuntimeException | Error e) {
                    crash[0] = e;
                }
            }));
        }
        for (int lane = 0; lane < tasks.size(); lane++) {
            if (!tasks.get(lane).join(scheduler.nanoTime() + STEP_NANOS)) {
                throw new AssertionError("lane " + lane + " hangs in "
                        + planned.get(lane).get(seen.get(lane).size()));
            }
        }
        if (crash[0] != null) {
            throw new AssertionError("a call ended with " + crash[0], crash[0]);
        }
        return seen;
    }
}
