package dev.sva4j.conformance.architecture.planted.vendor.beta;

import dev.sva4j.conformance.architecture.planted.vendor.alpha.Alpha;

/** Breaks: vendors do not see each other. */
class SeesAnotherVendor {
    final Alpha other = new Alpha();
}
