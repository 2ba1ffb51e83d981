package dev.sva4j.conformance.architecture.planted.api;

/** Keeps every rule. */
public interface Contract {}
