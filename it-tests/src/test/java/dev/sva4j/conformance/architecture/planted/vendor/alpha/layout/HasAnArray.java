package dev.sva4j.conformance.architecture.planted.vendor.alpha.layout;

/** Breaks: layout has no mutable state. */
class HasAnArray {
    static final long[] MAILBOX = new long[1];
}
