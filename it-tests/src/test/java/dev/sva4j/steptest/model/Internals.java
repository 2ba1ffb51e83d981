package dev.sva4j.steptest.model;

import java.util.ArrayList;
import java.util.List;

/** What goes on by itself: tear-down, reaping, callbacks and what follows from their return. */
final class Internals {
    private Internals() {}

    /**
     * Every next moment that may matter.
     *
     * @param left operations that have not returned. What no one of them can see or change is left for later: whatever the order, the
     *     same comes of it. Without any, one order stands for all.
     */
    static List<World> steps(World world, List<Event> left) {
        List<World> steps = all(world, left);
        return left.isEmpty() && steps.size() > 1 ? steps.subList(0, 1) : steps;
    }

    private static List<World> all(World world, List<Event> left) {
        List<World> steps = new ArrayList<>();
        for (Process process : world.processes.values()) {
            if (process.exiting && process.users == 0 && process.life == Process.Life.ALIVE) {
                World next = world.copy();
                next.processes.get(process.id).life = Process.Life.DYING;
                steps.add(next);
            }
            if (process.life == Process.Life.DYING && !runsInline(world, process)) {
                steps.add(tearDown(world, process.id));
            }
            if (process.reaper == Process.Reaper.PENDING || process.reaper == Process.Reaper.RUNNING) {
                steps.add(reap(world, process.id));
            }
        }
        for (Bond bond : world.bonds.values()) {
            Bond.Callback callback = bond.callback();
            if (callback == Bond.Callback.NONE && isInline(bond) && bond.isLive() && isDying(world, bond)) {
                steps.add(with(world, bond.in(Bond.Callback.RUNNING)));
            } else if (!callback.isSettled() && (left.isEmpty() || isInline(bond) || isSeen(bond, left))) {
                steps.add(advance(world, bond));
            }
        }
        return steps;
    }

    private static boolean isSeen(Bond bond, List<Event> left) {
        for (Event event : left) {
            boolean sameDevice = event.target().device() == bond.device();
            boolean sees = switch (event.op().kind()) {
                case UNBIND, RETURN_FROM_CALLBACK ->
                    sameDevice && event.target().process() == bond.process();
                case CLOSE_DEVICE, CLOSE_DEVICE_AGAIN -> sameDevice;
                case BIND -> true;
                default -> sameDevice && event.op().kind().isDma();
            };
            if (sees) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDying(World world, Bond bond) {
        return world.processes.get(bond.process()).life == Process.Life.DYING;
    }

    private static boolean isInline(Bond bond) {
        return bond.policy() == Policy.RELEASE_ON_RETURN_INLINE;
    }

    /** Under the 2018 policy tear-down waits for callbacks. */
    private static boolean runsInline(World world, Process process) {
        for (Bond bond : world.bondsOf(process)) {
            if (isInline(bond) && (bond.isLive() || !bond.callback().isSettled())) {
                return true;
            }
        }
        return false;
    }

    private static World with(World world, Bond bond) {
        World next = world.copy();
        next.put(bond);
        return next;
    }

    private static World tearDown(World world, int id) {
        World next = world.copy();
        Process process = next.processes.get(id);
        process.life = Process.Life.DEAD;
        java.util.Arrays.fill(process.pages, Page.UNMAPPED);
        java.util.Arrays.fill(process.intact, false);
        // What the reaper has taken out is freed by the reaper.
        process.stale.removeIf(each -> !each.removed());
        for (Bond bond : next.bondsOf(process)) {
            if (bond.state() == Bond.State.BOUND) {
                next.put(bond.in(Bond.State.QUIESCED).in(Bond.Callback.PENDING));
            }
        }
        next.forgetIfUnreferenced(id);
        return next;
    }

    private static World reap(World world, int id) {
        World next = world.copy();
        Process process = next.processes.get(id);
        int owner = -1 - id;
        if (process.reaper == Process.Reaper.RUNNING) {
            process.reaper = Process.Reaper.DONE;
            process.settle(owner);
            return next;
        }
        process.reaper = Process.Reaper.RUNNING;
        for (int extent = 0; extent < Layout.COUNT; extent++) {
            process.fade(extent, owner, true);
            process.pages[extent] = process.pages[extent].absent();
            process.cut(extent);
        }
        return next;
    }

    private static World advance(World world, Bond bond) {
        World next = world.copy();
        switch (bond.callback()) {
            case PENDING ->
                next.put(bond.in(bond.state() == Bond.State.QUIESCED ? Bond.Callback.RUNNING : Bond.Callback.SKIPPED));
            case RUNNING -> run(next, bond);
            case UNBINDING -> UnbindRun.over(next, bond.in(Bond.Callback.RETURNED));
            case RETURNED -> {
                boolean releases = bond.policy() != Policy.EXPLICIT_UNBIND && bond.isLive();
                next.put(
                        releases
                                ? bond.counting(0).in(Bond.State.DRAINING).in(Bond.Callback.RELEASING)
                                : bond.in(Bond.Callback.ENDED));
            }
            default -> UnbindRun.over(next, bond.in(Bond.Callback.ENDED));
        }
        return next;
    }

    private static void run(World next, Bond bond) {
        switch (bond.way()) {
            case Op.CALLBACK_WAITS ->
                next.put(bond.in(isInline(bond) ? Bond.Callback.RETURNED : Bond.Callback.WAITING));
            case Op.CALLBACK_UNBINDS -> {
                if (!bond.isLive()) {
                    next.put(bond.in(Bond.Callback.RETURNED));
                } else if (UnbindRun.less(next, bond)) {
                    next.put(next.bonds.get(bond.serial()).in(Bond.Callback.UNBINDING));
                } else {
                    next.put(next.bonds.get(bond.serial()).in(Bond.Callback.RETURNED));
                }
            }
            default -> next.put(bond.in(Bond.Callback.RETURNED));
        }
    }
}
