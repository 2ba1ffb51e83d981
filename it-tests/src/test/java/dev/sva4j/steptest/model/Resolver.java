package dev.sva4j.steptest.model;

import java.util.HashSet;
import java.util.Set;

/** Says what slots stand for at the beginning of a step. Slots for what a step makes are claimed in the order of its operations. */
public final class Resolver {
    private final World world;
    private final Set<Integer> claimed = new HashSet<>();
    private final Set<Integer> claimedDevices = new HashSet<>();
    private int fresh;

    /** For one step. {@code fresh} is the first id that was never used. */
    public Resolver(World world, int fresh) {
        this.world = world;
        this.fresh = fresh;
    }

    /** The first id that is still unused. */
    public int nextFresh() {
        return fresh;
    }

    public Target resolve(Op op) {
        int process = op.process() < 0 ? World.EMPTY : world.processSlots[op.process()];
        int device = world.deviceSlots[op.device()];
        return switch (op.kind()) {
            case CREATE -> claim(World.EMPTY, op.other());
            case FORK, EXEC -> process == World.EMPTY ? Target.SKIP : claim(process, op.other());
            case ADD_DEVICE -> replace(device);
            case REMOVE_DEVICE -> world.devices.get(device).present() ? Target.of(-1, device) : Target.SKIP;
            case INIT_DEVICE, CLOSE_DEVICE, CLOSE_DEVICE_AGAIN, DMA_UNTAGGED, DMA_BEYOND_WIDTH -> Target.of(-1, device);
            case EAT_MEMORY -> world.pressure ? Target.SKIP : Target.of(-1, -1);
            case FREE_MEMORY -> world.pressure ? Target.of(-1, -1) : Target.SKIP;
            default -> process == World.EMPTY ? Target.SKIP : Target.of(process, device);
        };
    }

    /** A slot below 0 stands for the first that is free. */
    private Target claim(int process, int wanted) {
        int from = Math.max(wanted, 0);
        int to = wanted < 0 ? world.processSlots.length - 1 : wanted;
        for (int slot = from; slot <= to; slot++) {
            if (isFree(slot) && claimed.add(slot)) {
                return new Target(false, process, fresh++, -1, slot);
            }
        }
        return Target.SKIP;
    }

    private boolean isFree(int slot) {
        int id = world.processSlots[slot];
        if (id == World.EMPTY) {
            return true;
        }
        Process process = world.processes.get(id);
        return process.closed
                && process.life == Process.Life.DEAD
                && world.bondsOf(process).stream()
                        .allMatch(bond -> bond.state() == Bond.State.OVER
                                && bond.callback().isSettled()
                                && bond.callback() != Bond.Callback.WAITING);
    }

    private Target replace(int id) {
        Device device = world.devices.get(id);
        boolean used = world.bonds.values().stream().anyMatch(bond -> bond.device() == id);
        boolean free = !device.present() && device.state() == Device.State.OFF && !used;
        return free && claimedDevices.add(id) ? new Target(false, -1, fresh++, id, -1) : Target.SKIP;
    }
}
