package dev.sva4j.conformance.architecture.planted.vendor.alpha.hardware;

import dev.sva4j.conformance.architecture.planted.vendor.alpha.Alpha;

/** Breaks: a half depends on its layout only; through the vendor it reaches the other one. */
class SeesTheVendor {
    final Alpha vendor = new Alpha();
}
