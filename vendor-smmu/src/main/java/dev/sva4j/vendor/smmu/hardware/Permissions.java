package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP1;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP2;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP_TABLE_0;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP_TABLE_1;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.PXN;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.PXN_TABLE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.UXN;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.UXN_TABLE;

import dev.sva4j.spi.Operation;

/**
 * Access permissions of stage 1, direct scheme, for StreamWorld NS-EL1 (DDI 0487 D8.4).
 *
 * <p>Both what a leaf allows and what an access needs are sets of the six bits below; an access is allowed if it needs
 * nothing beyond what the leaf allows.
 */
final class Permissions {
    static final int UNPRIVILEGED_READ = 1;
    static final int UNPRIVILEGED_WRITE = 1 << 1;
    static final int UNPRIVILEGED_EXECUTE = 1 << 2;
    static final int PRIVILEGED_READ = 1 << 3;
    static final int PRIVILEGED_WRITE = 1 << 4;
    static final int PRIVILEGED_EXECUTE = 1 << 5;

    static final int UNPRIVILEGED = UNPRIVILEGED_READ | UNPRIVILEGED_WRITE | UNPRIVILEGED_EXECUTE;
    static final int PRIVILEGED = PRIVILEGED_READ | PRIVILEGED_WRITE | PRIVILEGED_EXECUTE;
    static final int ALL = UNPRIVILEGED | PRIVILEGED;

    private static final int NO_UNPRIVILEGED = 1;
    private static final int NO_WRITE = 1 << 1;
    private static final int NO_UNPRIVILEGED_EXECUTE = 1 << 2;
    private static final int NO_PRIVILEGED_EXECUTE = 1 << 3;

    private static final int WRITE = UNPRIVILEGED_WRITE | PRIVILEGED_WRITE;
    private static final int EXECUTE = UNPRIVILEGED_EXECUTE | PRIVILEGED_EXECUTE;

    private Permissions() {}

    /** What an operation needs. A write is always to data (InD = 0); an atomic both reads and writes. */
    static int needed(Operation operation, boolean privileged) {
        return switch (operation) {
            case READ -> privileged ? PRIVILEGED_READ : UNPRIVILEGED_READ;
            case EXECUTE -> privileged ? PRIVILEGED_EXECUTE : UNPRIVILEGED_EXECUTE;
            case WRITE -> privileged ? PRIVILEGED_WRITE : UNPRIVILEGED_WRITE;
            case FETCH_ADD, COMPARE_AND_SWAP ->
                privileged ? PRIVILEGED_READ | PRIVILEGED_WRITE : UNPRIVILEGED_READ | UNPRIVILEGED_WRITE;
        };
    }

    /** PnU of an access that needs this. */
    static boolean isPrivileged(int need) {
        return (need & PRIVILEGED) != 0;
    }

    /** InD of an access that needs this. */
    static boolean isInstruction(int need) {
        return (need & EXECUTE) != 0;
    }

    /** RnW of an access that needs this; an atomic counts as a write. */
    static boolean isRead(int need) {
        return (need & WRITE) == 0;
    }

    /** What a table descriptor takes away from everything below it: bits that are or-ed over the levels. */
    static int restrictions(long table) {
        return (AP_TABLE_0.isSet(table) ? NO_UNPRIVILEGED : 0)
                | (AP_TABLE_1.isSet(table) ? NO_WRITE : 0)
                | (UXN_TABLE.isSet(table) ? NO_UNPRIVILEGED_EXECUTE : 0)
                | (PXN_TABLE.isSet(table) ? NO_PRIVILEGED_EXECUTE : 0);
    }

    /**
     * What a leaf allows.
     *
     * @param leaf block or page descriptor
     * @param restrictions of the tables above it
     * @param wxn CD.WXN
     * @param pan CD.PAN
     */
    static int of(long leaf, int restrictions, boolean wxn, boolean pan) {
        boolean user = AP1.isSet(leaf) && !has(restrictions, NO_UNPRIVILEGED);
        boolean writable = !AP2.isSet(leaf) && !has(restrictions, NO_WRITE);
        boolean uxn = UXN.isSet(leaf) || has(restrictions, NO_UNPRIVILEGED_EXECUTE) || (wxn && user && writable);
        boolean pxn =
                PXN.isSet(leaf) || has(restrictions, NO_PRIVILEGED_EXECUTE) || (wxn && writable) || (user && writable);
        boolean privilegedData = !(pan && user);
        return (user ? UNPRIVILEGED_READ : 0)
                | (user && writable ? UNPRIVILEGED_WRITE : 0)
                | (uxn ? 0 : UNPRIVILEGED_EXECUTE)
                | (privilegedData ? PRIVILEGED_READ : 0)
                | (privilegedData && writable ? PRIVILEGED_WRITE : 0)
                | (pxn ? 0 : PRIVILEGED_EXECUTE);
    }

    private static boolean has(int restrictions, int restriction) {
        return (restrictions & restriction) != 0;
    }
}
