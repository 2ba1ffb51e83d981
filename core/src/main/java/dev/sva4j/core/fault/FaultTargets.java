package dev.sva4j.core.fault;

import org.jspecify.annotations.Nullable;

/** Finds the device and the bond that a fault concerns. Thread-safe, lock-free. */
public interface FaultTargets {
    /** Name of the device with this requester id, or null. */
    @Nullable
    String deviceName(int requester);

    /** The bond of (device, PASID), or null. */
    @Nullable
    FaultTarget find(int requester, int pasid);
}
