package dev.sva4j.conformance.architecture.planted.vendor.alpha.layout;

/** Breaks: layout has no mutable state. */
class HasAVariable {
    static int mailbox;
}
