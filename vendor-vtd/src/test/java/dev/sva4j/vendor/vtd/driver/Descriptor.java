package dev.sva4j.vendor.vtd.driver;

/** A descriptor as hardware finds it, printed as in the sheet of vectors. Its upper half is 0. */
record Descriptor(long word0, long word1) {
    static Descriptor of(long word0, long word1) {
        return new Descriptor(word0, word1);
    }

    int type() {
        return (int) (word0 & 0xf);
    }

    /** An inv_wait that writes a status; where and what is the driver's affair. */
    boolean isStatusWait() {
        return type() == 5 && (word0 & 0x20) != 0;
    }

    @Override
    public String toString() {
        return isStatusWait() ? ((word0 & 0x80) != 0 ? "wait+pd" : "wait") : String.format("%016x %x", word0, word1);
    }
}
