package dev.sva4j.conformance.architecture.planted.core;

/** Breaks: only the scheduler waits. */
class Sleeps {
    void sleep() throws InterruptedException {
        Thread.sleep(1);
    }
}
