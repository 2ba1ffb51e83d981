package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.DmaPort;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The domains of a rule, and the frames that they map; everything is given back at its end. */
final class Domains implements AutoCloseable {
    /** How a device accesses memory through them. */
    static final int UNTAGGED = DmaPort.NO_PASID;

    private final Machine machine;
    private final List<Accelerator> devices = new ArrayList<>();
    private final Deque<IoDomain> domains = new ArrayDeque<>();
    private final List<Long> frames = new ArrayList<>();

    Domains(Machine machine) {
        this.machine = machine;
    }

    /** A domain for untagged traffic; skips the rule where that is not to be had. */
    IoDomain create(IoDomain.Kind kind) {
        try {
            return keep(machine.system().createDomain(kind, "domain " + domains.size()));
        } catch (SvaException e) {
            throw unlessUnsupported(kind, e);
        }
    }

    /** Closes {@code domain} at the end. */
    IoDomain keep(IoDomain domain) {
        domains.push(domain);
        return domain;
    }

    /** Attaches; skips the rule where that is not to be had. */
    void attach(Accelerator device, IoDomain domain) {
        devices.add(device);
        try {
            device.driver().attachUntagged(domain);
        } catch (SvaException e) {
            throw unlessUnsupported(domain.kind(), e);
        }
    }

    /** A frame that begins with {@code value}. */
    long frame(long value) {
        long frame = machine.frame(value);
        frames.add(frame);
        return frame;
    }

    /** What a frame begins with now. */
    long word(long frame) {
        return machine.tap().host().memory().loadAcquire(frame);
    }

    private static SvaException unlessUnsupported(IoDomain.Kind kind, SvaException e) {
        assumeTrue(e.error() != SvaError.UNSUPPORTED, () -> "no domain of kind " + kind + ": " + e.getMessage());
        return e;
    }

    @Override
    public void close() {
        devices.forEach(device -> device.driver().attachUntagged(null));
        domains.forEach(IoDomain::close);
        frames.forEach(machine::freeFrame);
    }
}
