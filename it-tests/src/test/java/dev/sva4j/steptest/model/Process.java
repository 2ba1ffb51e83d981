package dev.sva4j.steptest.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A process. Belongs to one {@link World}. */
final class Process {
    enum Life {
        ALIVE,
        /** The last user has gone: tear-down is under way. */
        DYING,
        DEAD
    }

    enum Reaper {
        NONE,
        PENDING,
        RUNNING,
        DONE
    }

    static final int NO_PASID = -1;

    final int id;
    final Page[] pages = new Page[Layout.COUNT];
    /** Blocks that are mapped by one entry. */
    final boolean[] intact = new boolean[Layout.BLOCK_COUNT];
    /** Operations under way that may exchange what is behind an extent, by extent. */
    final int[] breaking = new int[Layout.COUNT];

    final List<Stale> stale = new ArrayList<>();
    Life life = Life.ALIVE;
    Reaper reaper = Reaper.NONE;
    boolean exiting;
    boolean closed;
    int pasid = NO_PASID;
    /** Operations of the process under way. */
    int users;
    /** DMA under way by devices that fault: their fault handling counts as a user for a time that nobody can tell. */
    int faulting;

    Process(int id) {
        this.id = id;
        Arrays.fill(pages, Page.UNMAPPED);
    }

    Process copy() {
        Process copy = new Process(id);
        System.arraycopy(pages, 0, copy.pages, 0, pages.length);
        System.arraycopy(intact, 0, copy.intact, 0, intact.length);
        System.arraycopy(breaking, 0, copy.breaking, 0, breaking.length);
        copy.stale.addAll(stale);
        copy.life = life;
        copy.reaper = reaper;
        copy.exiting = exiting;
        copy.closed = closed;
        copy.pasid = pasid;
        copy.users = users;
        copy.faulting = faulting;
        return copy;
    }

    boolean isKilled() {
        return reaper != Reaper.NONE;
    }

    /** Whether there is a block of one entry around the extent. */
    boolean isIntact(int extent) {
        return Layout.block(extent) != Layout.NONE && intact[Layout.block(extent)];
    }

    void cut(int extent) {
        if (Layout.block(extent) != Layout.NONE) {
            intact[Layout.block(extent)] = false;
        }
    }

    /** An old entry that a device may still hold. */
    void fade(int extent, int owner, boolean removed) {
        if (pages[extent].isResident()) {
            stale.add(new Stale(extent, pages[extent], owner, removed, true));
        }
    }

    /** The operation has returned: nobody holds what it replaced. */
    void settle(int owner) {
        stale.removeIf(each -> each.owner() == owner);
    }

    /** Something else has invalidated the extent meanwhile. What was taken out stays counted until its operation frees it. */
    void invalidate(int extent) {
        stale.removeIf(each -> each.extent() == extent && !each.removed());
    }

    /** Old entries that devices may hold, of whichever operation. */
    List<Stale> usable(int first, int last) {
        return stale.stream()
                .filter(each -> each.usable() && each.extent() >= first && each.extent() <= last)
                .toList();
    }

    /** An operation that found these old entries has returned: no device uses them any more, even if they were somebody else's. */
    void outlive(List<Stale> found) {
        for (Stale each : found) {
            if (stale.remove(each) && each.removed()) {
                stale.add(new Stale(each.extent(), each.old(), each.owner(), true, false));
            }
        }
    }

    void breaking(int first, int last, int change) {
        for (int extent = first; extent <= last; extent++) {
            breaking[extent] += change;
        }
    }
}
