package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.vtd.layout.FaultReason;

/** The reasons of second-stage faults, which have numbers of their own in legacy mode (7.1.3, table 30). */
enum SecondStageFaults {
    LEGACY(
            FaultReason.LCT_4,
            FaultReason.LSS_1,
            FaultReason.LSS_2,
            FaultReason.LGN_3,
            FaultReason.LGN_2,
            FaultReason.LGN_1,
            FaultReason.LGN_1,
            FaultReason.LGN_4),
    SCALABLE(
            FaultReason.SSS_4,
            FaultReason.SSS_1,
            FaultReason.SSS_3,
            FaultReason.SGN_7,
            FaultReason.SGN_6,
            FaultReason.SGN_5,
            FaultReason.SGN_4,
            FaultReason.SGN_8);

    /** The entry at SSPTPTR could not be read. */
    final long rootFetch;

    /** Another entry could not be read. */
    final long fetch;

    final long reserved;
    final long notReadable;
    final long notWritable;

    /** The input is too wide. */
    final long inputTooWide;

    /** The input of pass-through is no address of the host. */
    final long outputTooWide;

    /** The output is in the interrupt range. */
    final long interruptRange;

    SecondStageFaults(
            FaultReason rootFetch,
            FaultReason fetch,
            FaultReason reserved,
            FaultReason notReadable,
            FaultReason notWritable,
            FaultReason inputTooWide,
            FaultReason outputTooWide,
            FaultReason interruptRange) {
        this.rootFetch = Fault.of(rootFetch);
        this.fetch = Fault.of(fetch);
        this.reserved = Fault.of(reserved);
        this.notReadable = Fault.of(notReadable);
        this.notWritable = Fault.of(notWritable);
        this.inputTooWide = Fault.of(inputTooWide);
        this.outputTooWide = Fault.of(outputTooWide);
        this.interruptRange = Fault.of(interruptRange);
    }

    /** Nothing is mapped. Legacy mode has no reason of its own for that: a right is missing. */
    long notPresent(int request) {
        if (this == SCALABLE) {
            return Fault.of(FaultReason.SSS_2);
        }
        return Request.has(request, Request.READ) ? notReadable : notWritable;
    }
}
