package dev.sva4j.conformance.architecture.planted.vendor.alpha.hardware;

/** Keeps every rule. */
public class Hardware {}
