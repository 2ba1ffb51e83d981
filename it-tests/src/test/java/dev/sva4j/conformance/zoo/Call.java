package dev.sva4j.conformance.zoo;

/** Whether the current thread is inside a call, for what happens at another border on its behalf. */
final class Call {
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    boolean isActive() {
        return inside.get();
    }

    void run(Runnable body) {
        inside.set(true);
        try {
            body.run();
        } finally {
            inside.remove();
        }
    }
}
