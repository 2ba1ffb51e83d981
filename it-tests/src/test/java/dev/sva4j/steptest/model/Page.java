package dev.sva4j.steptest.model;

/**
 * An extent of a process. Immutable.
 *
 * @param prot rights of the mapping; null if nothing is mapped
 * @param frame what is behind it, {@link #ABSENT} before the first touch
 * @param writable whether the entry itself allows writing: not while the frame is shared, and after that not before the next write
 */
record Page(Prot prot, int frame, boolean writable) {
    static final int ABSENT = -1;
    static final Page UNMAPPED = new Page(null, ABSENT, false);

    static Page mapped(Prot prot) {
        return new Page(prot, ABSENT, false);
    }

    boolean isMapped() {
        return prot != null;
    }

    boolean isResident() {
        return frame != ABSENT;
    }

    Page absent() {
        return isResident() ? mapped(prot) : this;
    }

    Page with(int newFrame, boolean nowWritable) {
        return new Page(prot, newFrame, nowWritable);
    }

    /** Whether an access goes through as the entry stands, without a fault. */
    boolean entryAllows(Need need) {
        return isResident() && prot.allows(need) && (writable || !need.write);
    }
}
