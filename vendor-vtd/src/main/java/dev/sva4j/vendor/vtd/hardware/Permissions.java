package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.HostAddress;

/**
 * What a leaf allows to a request (3.6.1, 3.7.1, 3.14), the same whether it comes from a walk or from the IOTLB.
 *
 * <p>A user request needs U/S, and R/W to write. A supervisor request needs neither, but for writes with WPE=1 (SRE is
 * looked at before). In the second stage there are no privileges.
 */
final class Permissions {
    private static final long USER_FAULT = Fault.of(FaultReason.SGN_2);
    private static final long WRITE_FAULT = Fault.of(FaultReason.SGN_6);
    private static final long INTERRUPT_RANGE_FAULT = Fault.of(FaultReason.SGN_8);

    private Permissions() {}

    /** Whether reading is allowed. */
    static boolean mayRead(TranslationEntry entry, long leaf, boolean privileged) {
        return Leaf.READABLE.isSet(leaf)
                && (entry.kind != TranslationEntry.Kind.FIRST_STAGE || privileged || Leaf.USER.isSet(leaf));
    }

    /** Whether writing is allowed. */
    static boolean mayWrite(TranslationEntry entry, long leaf, boolean privileged) {
        if (entry.kind != TranslationEntry.Kind.FIRST_STAGE) {
            return Leaf.WRITABLE.isSet(leaf);
        }
        if (privileged) {
            return Leaf.WRITABLE.isSet(leaf) || !entry.writeProtect;
        }
        return Leaf.USER.isSet(leaf) && Leaf.WRITABLE.isSet(leaf);
    }

    /** Whether the request is going to write by what it is granted, so that the leaf must be dirty. */
    static boolean dirties(TranslationEntry entry, long leaf, int request) {
        return Request.has(request, Request.WRITE | Request.WRITE_IF_ALLOWED)
                && mayWrite(entry, leaf, Request.has(request, Request.PRIVILEGED));
    }

    /** The leaf with what it allows to a requester, instead of what its levels say. */
    static long effective(TranslationEntry entry, long leaf, boolean privileged) {
        long readable = Leaf.READABLE.put(leaf, mayRead(entry, leaf, privileged));
        return Leaf.WRITABLE.put(readable, mayWrite(entry, leaf, privileged));
    }

    /** The fault of a request at {@code address}, which the leaf translates, or 0. */
    static long fault(TranslationEntry entry, long leaf, long address, int request) {
        boolean privileged = Request.has(request, Request.PRIVILEGED);
        boolean firstStage = entry.kind == TranslationEntry.Kind.FIRST_STAGE;
        if (firstStage && !privileged && !Leaf.USER.isSet(leaf)) {
            return USER_FAULT;
        }
        if (Request.has(request, Request.READ) && !mayRead(entry, leaf, privileged)) {
            return entry.faults.notReadable;
        }
        if (Request.has(request, Request.WRITE) && !mayWrite(entry, leaf, privileged)) {
            return firstStage ? WRITE_FAULT : entry.faults.notWritable;
        }
        if (HostAddress.isInterruptRange(Leaf.output(leaf, address))) {
            return firstStage ? INTERRUPT_RANGE_FAULT : entry.faults.interruptRange;
        }
        return 0;
    }
}
