package dev.sva4j.steptest.model;

/**
 * An operation that was carried out.
 *
 * @param run number within its step
 */
public record Event(Op op, Target target, Observation seen, int run) {
    @Override
    public String toString() {
        return op + "  ->  " + seen;
    }
}
