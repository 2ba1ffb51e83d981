package dev.sva4j.steptest.model;

/**
 * A bond. Immutable.
 *
 * @param serial one number per bond object
 * @param device id of the device
 * @param generation initialisation of the device
 * @param process id of the process
 * @param count binds that are not undone
 * @param state where it is in its life
 * @param callback where its exit callback is
 * @param way how the callback behaves: a mode of {@link OpKind#BIND}
 * @param policy of the device
 */
record Bond(
        int serial,
        int device,
        int generation,
        int process,
        int count,
        State state,
        Callback callback,
        int way,
        Policy policy) {
    enum State {
        BOUND,
        QUIESCED,
        DRAINING,
        OVER
    }

    enum Callback {
        /** The process lives. */
        NONE,
        /** Promised. */
        PENDING,
        RUNNING,
        /** Runs until it is told to return. */
        WAITING,
        /** In the middle of the unbind that it does. */
        UNBINDING,
        RETURNED,
        /** In the middle of the release that its return means. */
        RELEASING,
        ENDED,
        /** The driver unbound before it could start. */
        SKIPPED;

        boolean isRunning() {
            return this == PENDING || this == RUNNING || this == WAITING || this == UNBINDING;
        }

        boolean hasStarted() {
            return this != NONE && this != PENDING && this != SKIPPED;
        }

        boolean hasReturned() {
            return this == RETURNED || this == RELEASING || this == ENDED;
        }

        boolean isSettled() {
            return this == NONE || this == WAITING || this == ENDED || this == SKIPPED;
        }
    }

    Bond counting(int binds) {
        return new Bond(serial, device, generation, process, binds, state, callback, way, policy);
    }

    Bond in(State next) {
        return new Bond(serial, device, generation, process, count, next, callback, way, policy);
    }

    Bond in(Callback next) {
        return new Bond(serial, device, generation, process, count, state, next, way, policy);
    }

    boolean isLive() {
        return state == State.BOUND || state == State.QUIESCED;
    }
}
