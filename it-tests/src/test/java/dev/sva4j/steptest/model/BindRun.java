package dev.sva4j.steptest.model;

/** bind. What was seen says through which initialisation of the device (value) it was called. */
final class BindRun extends Run {
    BindRun(Event event, int stage) {
        super(event, stage);
    }

    @Override
    void step(World world, Branches to) {
        Process process = process(world);
        if (!isOpen(world)) {
            // Called too late, or overtaken by the close: nothing may be left behind.
            refuse(Outcome.NO_DEVICE, world, to);
        }
        if (stage == 1) {
            install(world, to);
        } else if (process.exiting) {
            refuse(Outcome.STALE, world, to);
        } else {
            World next = world.copy();
            process(next).users++;
            to.to(next, new BindRun(event, 1));
        }
    }

    private boolean isOpen(World world) {
        Device device = device(world);
        return device.present()
                && device.state() == Device.State.READY
                && device.generation() == event.seen().value();
    }

    private void refuse(Outcome outcome, World world, Branches to) {
        if (saw(outcome)) {
            World next = world.copy();
            process(next).users -= stage;
            to.to(next, null);
        }
    }

    private void install(World world, Branches to) {
        Process process = process(world);
        Device device = device(world);
        Bond same = world.bondOf(device.id(), process.id);
        if (!isOpen(world) || (same != null && same.state() == Bond.State.DRAINING)) {
            return;
        }
        if (same != null) {
            if (saw(Outcome.OK)
                    && event.seen().serial() == same.serial()
                    && event.seen().number() == process.pasid
                    && way() == same.way()) {
                World next = world.copy();
                next.put(same.counting(same.count() + 1));
                finish(next, to);
            }
            return;
        }
        if (process.pasid != Process.NO_PASID && !device.takes(process.pasid)) {
            refuse(Outcome.RANGE, world, to);
            return;
        }
        if (process.pasid == Process.NO_PASID && isExhausted(world, device)) {
            refuse(Outcome.NO_SPACE, world, to);
            return;
        }
        if (world.pressure) {
            // Tables of the driver's own: how many is its business.
            refuse(Outcome.NO_MEMORY, world, to);
        }
        if (saw(Outcome.OK)
                && way() == op().mode()
                && fits(world, process, device)
                && !world.bonds.containsKey(event.seen().serial())) {
            World next = world.copy();
            process(next).pasid = event.seen().number();
            next.put(new Bond(
                    event.seen().serial(),
                    device.id(),
                    device.generation(),
                    process.id,
                    1,
                    Bond.State.BOUND,
                    Bond.Callback.NONE,
                    op().mode(),
                    device.policy()));
            finish(next, to);
        }
    }

    /** What the driver passed to the first bind, by which the bond behaves. */
    private int way() {
        return event.seen().data()[0];
    }

    private boolean fits(World world, Process process, Device device) {
        int pasid = event.seen().number();
        return process.pasid == Process.NO_PASID
                ? device.takes(pasid) && world.holderOf(pasid) == null
                : pasid == process.pasid;
    }

    private static boolean isExhausted(World world, Device device) {
        int held = 0;
        for (Process process : world.processes.values()) {
            held += device.takes(process.pasid) ? 1 : 0;
        }
        return held == device.maxPasid() - device.limits().min + 1;
    }

    private void finish(World copy, Branches to) {
        process(copy).users--;
        to.to(copy, null);
    }
}
