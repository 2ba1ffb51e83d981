package dev.sva4j.steptest;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.Endpoint;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaListener;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.steptest.model.DeviceKind;
import dev.sva4j.steptest.model.Observation;
import dev.sva4j.steptest.model.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The system under test, and the objects in it by the numbers that the model knows them by. One task at a time. */
final class Machine implements SvaListener, AutoCloseable {
    /** A device: by what it is reached, and every initialisation of it that succeeded. */
    static final class Station {
        final DeviceKind kind;
        final DeviceSpec spec;
        final List<Initialised> initialised = new ArrayList<>();
        private final Map<Integer, DmaPort> ports = new HashMap<>();

        Station(DeviceKind kind, DeviceSpec spec) {
            this.kind = kind;
            this.spec = spec;
        }
    }

    /** An initialised device; {@code number} tells initialisations apart. */
    record Initialised(int number, SvaDevice device, boolean inline) {}

    /** A bond. */
    record Bonded(int serial, SvaBond bond, CallbackPlan plan) {}

    final SvaSystem system;
    final Map<Integer, AddressSpace> processes = new TreeMap<>();
    final Map<Integer, Station> stations = new TreeMap<>();
    /** Bonds whose end has not been seen by the model. */
    final Map<Integer, Bonded> bonds = new TreeMap<>();

    final List<FaultRecord> reported = new ArrayList<>();
    private final IdentityHashMap<SvaBond, Bonded> serials = new IdentityHashMap<>();
    private final Map<String, Bonded> latest = new HashMap<>();
    private final Map<Integer, Integer> pasids = new HashMap<>();
    private final Set<Integer> closed = new HashSet<>();
    private int initialisations;
    private AddressSpace hog;
    private long hogEnd;

    Machine(Config config) {
        var builder = SvaSystem.builder()
                .vendor(Config.VENDOR)
                .seeded(config.seed())
                .behaviour(config.behaviour())
                .faultWorkers(config.faultWorkers())
                .memory(Config.MEMORY)
                .listener(this);
        for (DeviceKind kind : DeviceKind.values()) {
            Station station = station(kind.ordinal(), kind);
            builder.device(station.spec);
            stations.put(kind.ordinal(), station);
        }
        this.system = builder.build();
    }

    private static Station station(int id, DeviceKind kind) {
        DeviceSpec spec = kind.stall
                ? DeviceSpec.platform("dev" + id, 0x100 + 8 * id)
                : DeviceSpec.pci("dev" + id, 0x100 + 8 * id).withAts(kind.ats).withPageRequestCredit(kind.pri ? 4 : 0);
        return new Station(kind, spec.withPasidBits(kind.pasidBits));
    }

    /** Adds a device of the same kind as another. */
    void add(int id, int like) {
        Station station = station(id, stations.get(like).kind);
        system.addDevice(station.spec);
        stations.put(id, station);
    }

    Endpoint endpoint(int device) {
        return system.endpoint(stations.get(device).spec.name());
    }

    /** A channel for one lane: blocking calls of a channel come from one thread at a time. */
    DmaPort port(int lane, int device) {
        return stations.get(device)
                .ports
                .computeIfAbsent(lane, key -> endpoint(device).openPort());
    }

    int initialised(int station, SvaDevice device, boolean inline) {
        stations.get(station).initialised.add(new Initialised(++initialisations, device, inline));
        return initialisations;
    }

    /** The latest initialisation of a device, or the one before; null if there is none. */
    Initialised initialisation(int station, int before) {
        List<Initialised> all = stations.get(station).initialised;
        return all.size() <= before ? null : all.get(all.size() - 1 - before);
    }

    // Bonds

    /** Gives a bond its number if it is a new one. */
    Bonded bonded(int device, int process, SvaBond bond) {
        Bonded known = serials.get(bond);
        if (known == null) {
            known = new Bonded(serials.size(), bond, (CallbackPlan) bond.drvdata());
            serials.put(bond, known);
            bonds.put(known.serial, known);
        }
        latest.put(device + "/" + process, known);
        pasids.put(process, bond.pasid());
        return known;
    }

    /** The bond that the last bind of a pair returned, over or not; null if there was none. */
    Bonded latest(int device, int process) {
        return latest.get(device + "/" + process);
    }

    /** The number that a driver would program for a process: one that nobody has, if it has none. */
    int pasidFor(int process, DeviceKind kind) {
        int known = pasids.getOrDefault(process, kind.maxPasid());
        return Math.min(known, kind.maxPasid());
    }

    /** Whether the driver has the device now. */
    boolean isOpen(int device) {
        Initialised last = initialisation(device, 0);
        return last != null && !closed.contains(last.number);
    }

    void closed(Initialised through) {
        closed.add(through.number);
    }

    /** Slots for devices. */
    int kinds() {
        return DeviceKind.values().length;
    }

    // Memory

    /** Takes all memory but some frames. */
    Observation eat(int leave) {
        hog = system.createAddressSpace("hog");
        Hog eater = new Hog(hog);
        eater.eat(leave);
        return Observation.of(Outcome.OK);
    }

    Observation freeMemory() {
        hog.close();
        hog = null;
        return Observation.of(Outcome.OK);
    }

    AddressSpace hog() {
        return hog;
    }

    long freeFrames() {
        return system.counters().freeBytes() / AddressSpace.PAGE_SIZE;
    }

    /** What escaped from tasks comes to light when the scheduler is closed. */
    @Override
    public void close() {
        Scheduler scheduler = system.scheduler();
        try {
            system.close();
        } finally {
            scheduler.close();
        }
    }

    @Override
    public void faultReported(FaultRecord fault) {
        reported.add(fault);
    }
}
