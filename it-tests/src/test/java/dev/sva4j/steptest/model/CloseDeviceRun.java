package dev.sva4j.steptest.model;

/**
 * Close of an initialised device: its bonds end one after another, in any order; then it waits for callbacks, and gives up if one of them goes
 * on. A device that has been closed is none of its business any more, even if it was initialised again.
 */
final class CloseDeviceRun extends Run {
    private static final int BEGIN = 0;
    private static final int NEXT_BOND = 1;
    private static final int THIS_BOND = 2;

    private final int bond;

    CloseDeviceRun(Event event, int stage, int bond) {
        super(event, stage);
        this.bond = bond;
    }

    @Override
    String mark() {
        return stage + "." + bond;
    }

    @Override
    void step(World world, Branches to) {
        Device device = device(world);
        switch (stage) {
            case BEGIN -> {
                if (device.state() == Device.State.OFF
                        || device.generation() != event.seen().serial()) {
                    if (saw(Outcome.OK)) {
                        to.to(world, null);
                    }
                    return;
                }
                World next = world.copy();
                next.put(device.in(Device.State.CLOSING));
                to.to(next, new CloseDeviceRun(event, NEXT_BOND, -1));
            }
            case THIS_BOND -> {
                World next = world.copy();
                UnbindRun.over(next, world.bonds.get(bond));
                to.to(next, new CloseDeviceRun(event, NEXT_BOND, -1));
            }
            default -> next(world, device, to);
        }
    }

    private void next(World world, Device device, Branches to) {
        boolean open = false;
        boolean running = false;
        boolean waiting = false;
        for (Bond each : world.bonds.values()) {
            if (each.device() != device.id()
                    || each.generation() != event.seen().serial()) {
                continue;
            }
            open |= each.state() != Bond.State.OVER;
            running |= each.callback().isRunning();
            waiting |= each.callback() == Bond.Callback.WAITING;
            if (each.isLive()) {
                World next = world.copy();
                next.put(each.counting(0).in(Bond.State.DRAINING));
                to.to(next, new CloseDeviceRun(event, THIS_BOND, each.serial()));
            }
        }
        if (open) {
            return;
        }
        if (saw(Outcome.TIMED_OUT) && waiting) {
            to.to(world, null);
        }
        if (saw(Outcome.OK) && !running) {
            World next = world.copy();
            if (device.generation() == event.seen().serial()) {
                next.put(device.in(Device.State.OFF));
            }
            to.to(next, null);
        }
    }
}
