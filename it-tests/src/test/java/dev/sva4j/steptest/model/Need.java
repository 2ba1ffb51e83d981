package dev.sva4j.steptest.model;

/** What an access needs of the page. */
enum Need {
    READ(true, false, false),
    WRITE(false, true, false),
    /** An atomic, or a device that asks ahead for writing. */
    READ_WRITE(true, true, false),
    /** A device that asks ahead for instructions. */
    READ_EXECUTE(true, false, true);

    final boolean read;
    final boolean write;
    final boolean execute;

    Need(boolean read, boolean write, boolean execute) {
        this.read = read;
        this.write = write;
        this.execute = execute;
    }
}
