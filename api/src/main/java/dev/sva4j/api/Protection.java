package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * Rights of user mode on a mapping, the PROT_ flags of mmap and mprotect.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum Protection {
    /** PROT_NONE: reserved, no access. */
    NONE(false, false, false),
    /** PROT_READ. */
    READ(true, false, false),
    /** PROT_READ and PROT_WRITE. */
    READ_WRITE(true, true, false),
    /** PROT_READ and PROT_EXEC. */
    READ_EXECUTE(true, false, true),
    /** All three. */
    READ_WRITE_EXECUTE(true, true, true);

    private final boolean read;
    private final boolean write;
    private final boolean execute;

    Protection(boolean read, boolean write, boolean execute) {
        this.read = read;
        this.write = write;
        this.execute = execute;
    }

    /** Whether user mode may do this. */
    public boolean allows(Access access) {
        return switch (access) {
            case READ -> read;
            case WRITE -> write;
            case EXECUTE -> execute;
        };
    }
}
