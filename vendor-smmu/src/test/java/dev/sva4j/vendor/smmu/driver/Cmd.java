package dev.sva4j.vendor.smmu.driver;

/** A command as hardware finds it, printed as in the manual's examples. */
record Cmd(long word0, long word1) {
    static final Cmd SYNC = new Cmd(0x46, 0);

    static Cmd of(long word0, long word1) {
        return new Cmd(word0, word1);
    }

    int opcode() {
        return (int) (word0 & 0xff);
    }

    @Override
    public String toString() {
        return String.format("%016x %x", word0, word1);
    }
}
