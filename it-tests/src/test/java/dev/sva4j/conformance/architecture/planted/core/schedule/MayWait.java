package dev.sva4j.conformance.architecture.planted.core.schedule;

/** Keeps every rule: here is where waiting belongs. */
class MayWait {
    void sleep() throws InterruptedException {
        Thread.sleep(1);
    }
}
