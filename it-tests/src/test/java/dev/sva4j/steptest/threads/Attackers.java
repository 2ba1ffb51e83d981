package dev.sva4j.steptest.threads;

import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Devices that write to an address all the time, whether they may or not. While they may not, a write that began and ended must not have
 * succeeded.
 */
final class Attackers {
    /** What they write; nobody else writes it. */
    static final long MARK = 0x5ADBEEF5ADBEEFL;

    private static final int ENOUGH = 3;

    /**
     * What holds at a moment: replaced as a whole.
     *
     * @param pasid to attack, or -1 for none
     */
    private record Phase(int pasid, boolean allowed) {}

    private final Crowd crowd;
    private final AtomicLong attempts = new AtomicLong();
    private int count;
    private volatile Phase phase = new Phase(DmaPort.NO_PASID, true);
    private volatile boolean done;

    Attackers(Crowd crowd) {
        this.crowd = crowd;
    }

    void add(String device) {
        count++;
        crowd.thread("attacker " + device, () -> attack(device, crowd.port(device)));
    }

    private void attack(String device, DmaPort port) {
        byte[] data = Bytes.of(MARK);
        while (!done && crowd.goesOn()) {
            Phase before = phase;
            DmaStatus status = port.write(before.pasid, Crowd.AT, data, 0, data.length);
            if (status == DmaStatus.OK && !before.allowed && phase == before) {
                throw new AssertionError(
                        device + " wrote with PASID " + before.pasid + " after it was told that it must not");
            }
            attempts.incrementAndGet();
            Thread.yield();
        }
    }

    /** From now on they may succeed. */
    void allow(int pasid) {
        phase = new Phase(pasid, true);
    }

    /** From now on they must not. */
    void forbid(int pasid) {
        phase = new Phase(pasid, false);
    }

    /** Waits until each has tried a few times. */
    void awaitAttempts() {
        long enough = attempts.get() + (long) count * ENOUGH;
        crowd.await("attempts of devices", () -> attempts.get() >= enough);
    }

    void end() {
        done = true;
    }
}
