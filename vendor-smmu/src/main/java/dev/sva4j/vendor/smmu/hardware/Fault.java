package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.FaultResponse;

/**
 * A translation that failed, in one negative {@code long}: which event, what the client sees, and the address of a
 * fetch that aborted. So a fault costs neither an object nor an exception. The model's own format, not the manual's.
 */
final class Fault {
    /** The number of an abort that has no event: STE.Config = 0xx, GBPA.ABORT. No event has it. */
    static final int NO_EVENT = 0x7f;

    private static final String FAULT = "fault";
    private static final BitField ABORTS = BitField.bit(FAULT, "A", 0, 0, "the client sees an abort");
    private static final BitField RECORDS = BitField.bit(FAULT, "R", 0, 1, "an event is recorded");
    private static final BitField STALLS = BitField.bit(FAULT, "S", 0, 2, "the client waits");
    private static final BitField FETCH_ADDR = BitField.address(FAULT, "FetchAddr", 0, 55, 3, "address that aborted");
    private static final BitField NUMBER = BitField.of(FAULT, "number", 0, 62, 56, "event number");
    private static final BitField IS_FAULT = BitField.bit(FAULT, "fault", 0, 63, "always 1: the word is negative");

    /** An abort that leaves no trace. */
    static final long SILENT_ABORT = of(NO_EVENT, FaultResponse.ABORT_SILENTLY);

    private Fault() {}

    /** A fault whose response is not configurable: abort and record (§3.12). */
    static long of(EventId event) {
        return of(event, FaultResponse.ABORT_AND_RECORD);
    }

    /** One of the four translation faults, treated as the context says. */
    static long of(EventId event, FaultResponse response) {
        return of(event.number(), response);
    }

    /** A structure or descriptor at {@code address} could not be read. */
    static long ofFetch(EventId event, long address) {
        return FETCH_ADDR.putAddress(of(event), FETCH_ADDR.getAddress(address));
    }

    private static long of(int number, FaultResponse response) {
        return IS_FAULT.mask()
                | NUMBER.encode(number)
                | ABORTS.encode(response.aborts())
                | RECORDS.encode(response.records())
                | STALLS.encode(response.stalls());
    }

    /** Whether the result of a translation is a fault. */
    static boolean is(long result) {
        return result < 0;
    }

    static boolean is(long result, EventId event) {
        return result < 0 && number(result) == event.number();
    }

    /** The event number, or {@link #NO_EVENT}. */
    static int number(long fault) {
        return (int) NUMBER.get(fault);
    }

    static FaultResponse response(long fault) {
        return FaultResponse.of(ABORTS.isSet(fault), RECORDS.isSet(fault), STALLS.isSet(fault));
    }

    static long fetchAddress(long fault) {
        return FETCH_ADDR.getAddress(fault);
    }
}
