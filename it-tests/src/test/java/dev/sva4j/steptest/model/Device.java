package dev.sva4j.steptest.model;

/**
 * A device. Immutable.
 *
 * @param id one number per device that ever was
 * @param kind what the platform says
 * @param present not pulled out
 * @param state whether a driver has initialised it
 * @param generation number of the initialisation, 0 before the first
 * @param faults initialised with page faults
 * @param policy who ends bonds after exit
 * @param limits PASIDs that the driver takes
 */
record Device(
        int id,
        DeviceKind kind,
        boolean present,
        State state,
        int generation,
        boolean faults,
        Policy policy,
        PasidLimits limits) {
    enum State {
        OFF,
        READY,
        /** A close that found callbacks running: no new bonds, to be closed again. */
        CLOSING
    }

    static Device attached(int id, DeviceKind kind) {
        return new Device(id, kind, true, State.OFF, 0, false, Policy.EXPLICIT_UNBIND, PasidLimits.ALL);
    }

    Device in(State next) {
        return new Device(id, kind, present, next, generation, faults, policy, limits);
    }

    Device gone() {
        return new Device(id, kind, false, state, generation, faults, policy, limits);
    }

    Device initialised(int number, Op op) {
        return new Device(id, kind, present, State.READY, number, op.wantsFaults(), op.policy(), op.limits());
    }

    int maxPasid() {
        return Math.min(limits.max, kind.maxPasid());
    }

    boolean takes(int pasid) {
        return pasid >= limits.min && pasid <= maxPasid();
    }

    /** Whether its faults are resolved by software. */
    boolean recovers() {
        return faults && state != State.OFF;
    }

    boolean usesAts() {
        return kind.ats && state != State.OFF;
    }
}
