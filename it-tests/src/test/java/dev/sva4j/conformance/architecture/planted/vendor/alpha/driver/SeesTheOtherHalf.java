package dev.sva4j.conformance.architecture.planted.vendor.alpha.driver;

import dev.sva4j.conformance.architecture.planted.vendor.alpha.hardware.Hardware;

/** Breaks: a half depends on its layout only. */
class SeesTheOtherHalf {
    final Hardware hardware = new Hardware();
}
