package dev.sva4j.steptest;

/** A run did not go as the model says. */
final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Index of the step, or -1 for the end of the run. */
    final int step;

    StepFailure(int step, String message, Throwable cause) {
        super("step " + step + ": " + message, cause);
        this.step = step;
    }
}
