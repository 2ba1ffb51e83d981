package dev.sva4j.conformance.architecture.planted.vendor.alpha;

import dev.sva4j.conformance.architecture.planted.vendor.alpha.driver.Driver;

/** Keeps every rule. */
public class Alpha {
    final Driver driver = new Driver();
}
