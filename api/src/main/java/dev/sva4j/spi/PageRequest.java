package dev.sva4j.spi;

import dev.sva4j.api.Access;
import org.apiguardian.api.API;

/**
 * A recoverable fault: a PCI page request, or a stalled transaction (then each is a group of its own).
 *
 * @param requester requester id or StreamID
 * @param pasid 0 … 2^20−1, or {@link Pasid#NONE}
 * @param address the faulting address; page-aligned for PRI
 * @param read read access is asked for
 * @param write write access is asked for
 * @param execute execute access is asked for
 * @param privileged asked for in privileged mode
 * @param group PRI: page-request group index (9 bits); stall: STAG (16 bits)
 * @param last closes its group; the group is answered once
 * @param kind how it is answered
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record PageRequest(
        int requester,
        int pasid,
        long address,
        boolean read,
        boolean write,
        boolean execute,
        boolean privileged,
        int group,
        boolean last,
        Kind kind) {

    /** The recovery protocol. */
    public enum Kind {
        /** PCIe Page Request Interface: answered with a group response to the function. */
        PRI,
        /** Arm stall model: answered with a command that names the stalled transaction. */
        STALL
    }

    /** The strongest access that is asked for, to be shown; a request may ask for several. */
    public Access neededAccess() {
        return write ? Access.WRITE : execute ? Access.EXECUTE : Access.READ;
    }

    /**
     * PRI only: last of a group that asks for nothing. It says that no more requests of this PASID follow; never
     * answered.
     */
    public boolean isStopMarker() {
        return kind == Kind.PRI && last && !read && !write && pasid != Pasid.NONE;
    }
}
