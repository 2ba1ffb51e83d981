package dev.sva4j.steptest.model;

/** What a fault does, whoever has it: first touch, copy-on-write, more rights. */
final class Touch {
    /** Frames that a touch can take at most: one for data, and a table per level below the top one. */
    static final long FRAMES = 4;

    enum Verdict {
        RESOLVED,
        /** Nothing is mapped there, or the mapping does not allow it. */
        REFUSED,
        /** Killed: no page is filled in any more. */
        DYING
    }

    private Touch() {}

    static Verdict verdict(Process process, int extent, Need need) {
        if (process.isKilled()) {
            return Verdict.DYING;
        }
        Page page = process.pages[extent];
        return page.isMapped() && page.prot().allows(need) ? Verdict.RESOLVED : Verdict.REFUSED;
    }

    /** Whether it takes a frame, for data or for the table that a block is cut with. */
    static boolean takesFrame(World world, Process process, int extent, Need need) {
        Page page = process.pages[extent];
        if (!page.isResident()) {
            return true;
        }
        return need.write && !page.writable() && !isExclusive(world, process, extent);
    }

    private static boolean isExclusive(World world, Process process, int extent) {
        int block = Layout.block(extent);
        return process.isIntact(extent)
                ? world.isExclusive(process, Layout.firstOfBlock(block), Layout.lastOfBlock(block))
                : world.isExclusive(process, extent, extent);
    }

    /** Resolves, in a world that belongs to the caller. */
    static void resolve(World world, Process process, int extent, Need need) {
        Page page = process.pages[extent];
        if (!page.isResident()) {
            process.pages[extent] =
                    page.with(world.allocate(Content.ZERO), page.prot().write());
        } else if (need.write && !page.writable()) {
            makeWritable(world, process, extent);
        }
    }

    private static void makeWritable(World world, Process process, int extent) {
        if (process.isIntact(extent)) {
            int block = Layout.block(extent);
            if (isExclusive(world, process, extent)) {
                for (int each = Layout.firstOfBlock(block); each <= Layout.lastOfBlock(block); each++) {
                    Page page = process.pages[each];
                    process.pages[each] = page.with(page.frame(), true);
                    process.invalidate(each);
                }
                return;
            }
            process.cut(extent);
        }
        Page page = process.pages[extent];
        int frame = world.mappings(page.frame()) == 1 ? page.frame() : world.allocate(world.frames.get(page.frame()));
        process.pages[extent] = page.with(frame, true);
        process.invalidate(extent);
    }
}
