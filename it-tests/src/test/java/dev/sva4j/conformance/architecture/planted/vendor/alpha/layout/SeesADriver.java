package dev.sva4j.conformance.architecture.planted.vendor.alpha.layout;

import dev.sva4j.conformance.architecture.planted.vendor.alpha.driver.Driver;

/** Breaks: layout depends on nothing. */
class SeesADriver {
    final Driver driver = new Driver();
}
