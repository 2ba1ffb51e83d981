package dev.sva4j.core.mm;

import dev.sva4j.api.Access;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.pagetable.Mapping;
import dev.sva4j.spi.pagetable.Rights;

/**
 * Loads and stores of the process, through the same tables as devices use. Each page is accessed under the lock of the
 * address space, so a change of the tables never overlaps with an access that uses the old ones.
 */
final class CpuAccess {
    private final MmCore core;
    private final MmFaults faults;
    private final String name;

    CpuAccess(MmCore core, MmFaults faults, String name) {
        this.core = core;
        this.faults = faults;
        this.name = name;
    }

    void access(long address, byte[] data, int offset, int length, Access access) {
        int done = 0;
        while (done < length) {
            long at = address + done;
            int chunk = (int) Math.min(length - done, MmCore.PAGE - (at & (MmCore.PAGE - 1)));
            while (!copy(at, data, offset + done, chunk, access)) {
                resolve(at, access);
            }
            done += chunk;
        }
    }

    private boolean copy(long at, byte[] data, int offset, int length, Access access) {
        if (at < 0 || at > core.format().lowLast()) {
            return false;
        }
        long page = at & -MmCore.PAGE;
        core.transitions.lockRange(page, page + MmCore.PAGE - 1);
        try {
            Mapping leaf = core.torn ? null : core.table.lookup(at);
            if (leaf == null || !leaf.has(Rights.USER | (access == Access.WRITE ? Rights.WRITE : Rights.READ))) {
                return false;
            }
            if (access == Access.WRITE) {
                core.memory.write(leaf.translate(at), data, offset, length);
            } else {
                core.memory.read(leaf.translate(at), data, offset, length);
            }
            return true;
        } finally {
            core.lock.unlock();
        }
    }

    void resolve(long at, Access access) {
        FaultResult result = faults.handle(at, access);
        if (result != FaultResult.RESOLVED) {
            throw refusal(at, access, result);
        }
    }

    private SvaException refusal(long at, Access access, FaultResult result) {
        return switch (result) {
            case NO_MEMORY ->
                new SvaException(
                        SvaError.NO_MEMORY,
                        String.format(
                                "%s of 0x%x in %s: no frame left; unmap something or add memory", access, at, name));
            case DYING ->
                new SvaException(SvaError.STALE, String.format("%s of 0x%x: %s is exiting", access, at, name));
            case NO_RIGHT ->
                new SvaException(
                        SvaError.NOT_FOUND,
                        String.format(
                                "%s of 0x%x in %s: the mapping does not allow it; use protect", access, at, name));
            case NOT_MAPPED, RESOLVED ->
                new SvaException(
                        SvaError.NOT_FOUND,
                        String.format("%s of 0x%x in %s: nothing is mapped there; use map", access, at, name));
        };
    }
}
