package dev.sva4j.conformance.architecture.planted.core;

/** Breaks: only the scheduler waits. */
class MakesAThread {
    final Thread thread = new Thread(() -> {});
}
