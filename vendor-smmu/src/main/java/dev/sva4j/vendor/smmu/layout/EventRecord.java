package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.BitField;

/**
 * The fields of event records, which are four words long (IHI 0070 §7.3). {@link EventId} says which event has which.
 *
 * <p>Access attributes are those after the overrides of the STE; InD is 0 for writes.
 */
public final class EventRecord {

    private static final String EVT = "EVT";

    /** Size of an event record in words. */
    public static final int WORDS = 4;

    public static final int CLASS_CD = 0;
    public static final int CLASS_TT = 1;
    public static final int CLASS_IN = 2;

    public static final BitField EVENT_NUMBER = BitField.of(EVT, "EventNumber", 0, 7, 0, "which event");
    public static final BitField SSV = BitField.bit(EVT, "SSV", 0, 11, "SubstreamID valid");
    public static final BitField SUBSTREAMID = BitField.of(EVT, "SubstreamID", 0, 31, 12, "PASID");
    public static final BitField STREAMID = BitField.of(EVT, "StreamID", 0, 63, 32, "stream");

    public static final BitField STAG = BitField.of(EVT, "STAG", 1, 15, 0, "names the stalled transaction");
    public static final BitField STALL = BitField.bit(EVT, "Stall", 1, 31, "the transaction waits for CMD_RESUME");
    public static final BitField REASON = BitField.of(EVT, "Reason", 1, 15, 0, "implementation defined");
    public static final BitField CONFLICT_REASON = BitField.of(EVT, "Reason", 1, 31, 0, "implementation defined");

    public static final BitField PNU = BitField.bit(EVT, "PnU", 1, 33, "privileged");
    public static final BitField IND = BitField.bit(EVT, "InD", 1, 34, "instruction");
    public static final BitField RNW = BitField.bit(EVT, "RnW", 1, 35, "read");
    public static final BitField NSIPA = BitField.bit(EVT, "NSIPA", 1, 38, "Non-secure IPA; Secure streams only");
    public static final BitField S2 = BitField.bit(EVT, "S2", 1, 39, "stage 2 fault");
    public static final BitField CLASS = BitField.of(EVT, "CLASS", 1, 41, 40, "what was translated")
            .withValue(CLASS_CD, "CD fetch")
            .withValue(CLASS_TT, "descriptor fetch")
            .withValue(CLASS_IN, "input address");
    public static final BitField TTRNW =
            BitField.bit(EVT, "TTRnW", 1, 44, "the descriptor access was a read; CLASS = TT");

    /** The client's address, untouched, with its top byte. */
    public static final BitField INPUT_ADDR = BitField.address(EVT, "InputAddr", 2, 63, 0, "address of the client");

    /** As {@link #INPUT_ADDR}, in the events that have a page address only. */
    public static final BitField INPUT_PAGE = BitField.address(EVT, "InputAddr", 2, 63, 12, "page of the client");

    public static final BitField IPA = BitField.address(EVT, "IPA", 3, 55, 12, "faulting IPA, if S2");
    public static final BitField FETCH_ADDR = BitField.address(EVT, "FetchAddr", 3, 55, 3, "address that aborted");

    // F_BAD_ATS_TREQ: the translation request. Positions in word 1 come from the manual alone.
    public static final BitField TREQ_SPAN = BitField.of(EVT, "Span", 1, 3, 0, "pages asked for");
    public static final BitField TREQ_P = BitField.bit(EVT, "P", 1, 28, "privileged");
    public static final BitField TREQ_X = BitField.bit(EVT, "X", 1, 29, "execute asked for");
    public static final BitField TREQ_W = BitField.bit(EVT, "W", 1, 30, "write asked for");
    public static final BitField TREQ_R = BitField.bit(EVT, "R", 1, 31, "read asked for");

    // E_PAGE_REQUEST: what a speculative access is going to need.
    public static final BitField UX = BitField.bit(EVT, "uX", 1, 33, "unprivileged execute");
    public static final BitField UW = BitField.bit(EVT, "uW", 1, 34, "unprivileged write");
    public static final BitField UR = BitField.bit(EVT, "uR", 1, 35, "unprivileged read");
    public static final BitField PX = BitField.bit(EVT, "pX", 1, 37, "privileged execute");
    public static final BitField PW = BitField.bit(EVT, "pW", 1, 38, "privileged write");
    public static final BitField PR = BitField.bit(EVT, "pR", 1, 39, "privileged read");
    public static final BitField HINT_SPAN = BitField.of(EVT, "Span", 1, 51, 44, "pages");

    private EventRecord() {}
}
