package dev.sva4j.conformance.architecture.planted.vendor.alpha.driver;

import dev.sva4j.conformance.architecture.planted.vendor.alpha.layout.Layout;

/** Keeps every rule. */
public class Driver {
    final int fields = Layout.FIELDS.size();
}
