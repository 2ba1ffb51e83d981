package dev.sva4j.steptest.model;

/** Rights of a mapping. Names are those of the code under test, so that a script reads the same on either side. */
public enum Prot {
    NONE(false, false, false),
    READ(true, false, false),
    READ_WRITE(true, true, false),
    READ_EXECUTE(true, false, true),
    READ_WRITE_EXECUTE(true, true, true);

    private final boolean read;
    private final boolean write;
    private final boolean execute;

    Prot(boolean read, boolean write, boolean execute) {
        this.read = read;
        this.write = write;
        this.execute = execute;
    }

    boolean allows(Need need) {
        return (read || !need.read) && (write || !need.write) && (execute || !need.execute);
    }

    boolean write() {
        return write;
    }

    static Prot of(int mode) {
        return values()[Math.floorMod(mode, values().length)];
    }
}
