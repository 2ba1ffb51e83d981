package dev.sva4j.steptest.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that the model knows at one moment. Rules copy it, then change the copy. */
public final class World {
    /** A slot without a process. */
    static final int EMPTY = -1;

    final TreeMap<Integer, Process> processes = new TreeMap<>();
    final TreeMap<Integer, Device> devices = new TreeMap<>();
    final TreeMap<Integer, Bond> bonds = new TreeMap<>();
    /** Contents by frame. */
    final Map<Integer, Content> frames = new HashMap<>();

    final int[] processSlots;
    final int[] deviceSlots;
    /** Somebody has eaten the memory. */
    boolean pressure;

    private int nextFrame;

    private World(int processSlots, int deviceSlots) {
        this.processSlots = new int[processSlots];
        this.deviceSlots = new int[deviceSlots];
    }

    /** No process, and one device of each kind; slots and ids are the ordinals of the kinds. */
    public static World initial(int processes) {
        DeviceKind[] kinds = DeviceKind.values();
        World world = new World(processes, kinds.length);
        Arrays.fill(world.processSlots, EMPTY);
        for (int slot = 0; slot < kinds.length; slot++) {
            world.devices.put(slot, Device.attached(slot, kinds[slot]));
            world.deviceSlots[slot] = slot;
        }
        return world;
    }

    World copy() {
        World copy = new World(processSlots.length, deviceSlots.length);
        processes.forEach((id, process) -> copy.processes.put(id, process.copy()));
        copy.devices.putAll(devices);
        copy.bonds.putAll(bonds);
        copy.frames.putAll(frames);
        System.arraycopy(processSlots, 0, copy.processSlots, 0, processSlots.length);
        System.arraycopy(deviceSlots, 0, copy.deviceSlots, 0, deviceSlots.length);
        copy.pressure = pressure;
        copy.nextFrame = nextFrame;
        return copy;
    }

    // Frames

    int allocate(Content content) {
        frames.put(nextFrame, content);
        return nextFrame++;
    }

    /** How often a frame is mapped. What an operation has taken out counts until it returns. */
    int mappings(int frame) {
        int count = 0;
        for (Process process : processes.values()) {
            for (Page page : process.pages) {
                count += page.frame() == frame ? 1 : 0;
            }
            for (Stale each : process.stale) {
                count += each.removed() && each.old().frame() == frame ? 1 : 0;
            }
        }
        return count;
    }

    boolean isExclusive(Process process, int first, int last) {
        for (int extent = first; extent <= last; extent++) {
            Page page = process.pages[extent];
            if (page.isResident() && mappings(page.frame()) != 1) {
                return false;
            }
        }
        return true;
    }

    // Bonds

    void put(Bond bond) {
        bonds.put(bond.serial(), bond);
    }

    void put(Device device) {
        devices.put(device.id(), device);
    }

    /** The bond of a pair that is not over, or null. */
    Bond bondOf(int device, int process) {
        for (Bond bond : bonds.values()) {
            if (bond.device() == device && bond.process() == process && bond.state() != Bond.State.OVER) {
                return bond;
            }
        }
        return null;
    }

    List<Bond> bondsOf(Process process) {
        return select(bonds.values(), process.id);
    }

    private static List<Bond> select(Collection<Bond> from, int process) {
        List<Bond> found = new ArrayList<>();
        for (Bond bond : from) {
            if (bond.process() == process) {
                found.add(bond);
            }
        }
        return found;
    }

    /** The process that a number stands for, or null. */
    Process holderOf(int pasid) {
        for (Process process : processes.values()) {
            if (pasid != Process.NO_PASID && process.pasid == pasid) {
                return process;
            }
        }
        return null;
    }

    /** Gives back what nobody refers to any more: the number of a process that is closed, and its object. */
    void forgetIfUnreferenced(int id) {
        Process process = processes.get(id);
        if (process == null || !process.closed || process.life != Process.Life.DEAD) {
            return;
        }
        for (Bond bond : bonds.values()) {
            if (bond.process() == id && bond.state() != Bond.State.OVER) {
                return;
            }
        }
        process.pasid = Process.NO_PASID;
    }

    // What a run needs to know.

    /**
     * What nobody can see any more is forgotten: bonds that are over, and their callbacks with them, and processes that have lost their slots.
     * Returns the numbers of the bonds.
     */
    public List<Integer> purge() {
        List<Integer> gone = new ArrayList<>();
        for (Bond bond : bonds.values()) {
            boolean waits = bond.callback() == Bond.Callback.WAITING;
            if (bond.state() == Bond.State.OVER && bond.callback().isSettled() && !waits) {
                gone.add(bond.serial());
            }
        }
        gone.forEach(bonds::remove);
        processes.keySet().removeIf(id -> Arrays.stream(processSlots).noneMatch(slot -> slot == id));
        return gone;
    }

    public int processSlotCount() {
        return processSlots.length;
    }

    /** Id of the process in a slot, or -1. */
    public int processIn(int slot) {
        return processSlots[slot];
    }

    /** Id of the device in a slot. */
    public int deviceIn(int slot) {
        return deviceSlots[slot];
    }

    /** Whether calls on the process are answered. */
    public boolean isAlive(int process) {
        Process known = processes.get(process);
        return known != null && !known.exiting;
    }

    public boolean isResident(int process, int extent) {
        return processes.get(process).pages[extent].isResident();
    }

    /** Whether the CPU may read there. */
    public boolean isReadable(int process, int extent) {
        Page page = processes.get(process).pages[extent];
        return page.isMapped() && page.prot().allows(Need.READ);
    }

    public boolean isPressed() {
        return pressure;
    }

    /** State of the bond of a pair: BOUND, QUIESCED, DRAINING or NONE. */
    public String bondState(int device, int process) {
        Bond bond = bondOf(device, process);
        return bond == null ? "NONE" : bond.state().name();
    }

    /** Number of the bond of a pair, or -1. */
    public int bondSerial(int device, int process) {
        Bond bond = bondOf(device, process);
        return bond == null ? -1 : bond.serial();
    }

    /** Number of the bond that a PASID stands for on a device, or -1. */
    public int bondOfPasid(int device, int pasid) {
        Process holder = holderOf(pasid);
        return holder == null ? -1 : bondSerial(device, holder.id);
    }

    /** What equal worlds have in common: frames are numbered in the order in which they are met. */
    String key() {
        StringBuilder key = new StringBuilder(512);
        Map<Integer, Integer> numbers = new HashMap<>();
        for (Process process : processes.values()) {
            describe(process, key, numbers);
        }
        for (Bond bond : bonds.values()) {
            key.append('b')
                    .append(bond.serial())
                    .append(' ')
                    .append(bond.count())
                    .append(bond.state());
            key.append(bond.callback()).append(bond.way()).append(' ');
        }
        for (Device device : devices.values()) {
            key.append('d')
                    .append(device.id())
                    .append(device.state())
                    .append(device.generation())
                    .append(device.present());
        }
        return key.append(pressure).toString();
    }

    private void describe(Process process, StringBuilder key, Map<Integer, Integer> numbers) {
        key.append('p')
                .append(process.id)
                .append(process.life)
                .append(process.reaper)
                .append(process.exiting);
        key.append(process.closed)
                .append(process.pasid)
                .append(' ')
                .append(process.users)
                .append(process.faulting);
        for (int block = 0; block < Layout.BLOCK_COUNT; block++) {
            key.append(process.intact[block] ? 'I' : '-');
        }
        for (int extent = 0; extent < Layout.COUNT; extent++) {
            key.append(process.breaking[extent]);
            describe(process.pages[extent], key, numbers);
        }
        for (Stale each : process.stale) {
            key.append('s')
                    .append(each.extent())
                    .append('.')
                    .append(each.owner())
                    .append(each.removed());
            describe(each.old(), key, numbers);
        }
    }

    private void describe(Page page, StringBuilder key, Map<Integer, Integer> numbers) {
        if (!page.isMapped()) {
            key.append('_');
            return;
        }
        key.append(page.prot().ordinal()).append(page.writable() ? 'w' : '-');
        if (page.isResident()) {
            Integer known = numbers.putIfAbsent(page.frame(), numbers.size());
            key.append('#').append(known == null ? numbers.size() - 1 : known);
            if (known == null) {
                key.append('=').append(frames.get(page.frame()));
            }
        }
    }
}
