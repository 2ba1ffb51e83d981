package dev.sva4j.vendor.vtd.layout;

/** What kind of request a fault record is about: T1 and T2 (VT-d 11.4, FRCD). */
public enum RequestType {
    WRITE(false, false),
    PAGE_REQUEST(false, true),
    READ(true, false),
    ATOMIC_OP(true, true);

    private final boolean t1;
    private final boolean t2;

    RequestType(boolean t1, boolean t2) {
        this.t1 = t1;
        this.t2 = t2;
    }

    /** The kind in the second word of a record. */
    public static RequestType of(long word1) {
        if (FaultRecord.T1.isSet(word1)) {
            return FaultRecord.T2.isSet(word1) ? ATOMIC_OP : READ;
        }
        return FaultRecord.T2.isSet(word1) ? PAGE_REQUEST : WRITE;
    }

    /** T1 and T2 in place. */
    public long word1() {
        return FaultRecord.T1.encode(t1) | FaultRecord.T2.encode(t2);
    }
}
