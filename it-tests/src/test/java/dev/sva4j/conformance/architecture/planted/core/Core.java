package dev.sva4j.conformance.architecture.planted.core;

import dev.sva4j.conformance.architecture.planted.api.Contract;

/** Keeps every rule. */
public class Core implements Contract {}
