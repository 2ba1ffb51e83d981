package dev.sva4j.conformance.architecture.planted.core;

/** Breaks: only the scheduler waits. */
class WaitsOnAMonitor {
    synchronized void rest() throws InterruptedException {
        this.wait(1);
    }
}
