package dev.sva4j.conformance.architecture.planted.vendor.alpha.layout;

import java.util.List;

/** Keeps every rule. */
public final class Layout {
    /** A constant. */
    public static final List<String> FIELDS = List.of("V", "S1CDMax");

    private Layout() {}
}
