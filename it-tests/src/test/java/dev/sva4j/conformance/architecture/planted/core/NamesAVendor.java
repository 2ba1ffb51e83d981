package dev.sva4j.conformance.architecture.planted.core;

import dev.sva4j.conformance.architecture.planted.vendor.alpha.Alpha;

/** Breaks: core names no vendor. */
class NamesAVendor {
    final Alpha vendor = new Alpha();
}
