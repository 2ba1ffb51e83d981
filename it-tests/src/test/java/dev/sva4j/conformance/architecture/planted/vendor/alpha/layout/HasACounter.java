package dev.sva4j.conformance.architecture.planted.vendor.alpha.layout;

import java.util.concurrent.atomic.AtomicLong;

/** Breaks: layout has no mutable state. */
class HasACounter {
    static final AtomicLong MAILBOX = new AtomicLong();
}
