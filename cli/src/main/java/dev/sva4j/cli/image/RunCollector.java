package dev.sva4j.cli.image;

import dev.sva4j.spi.IommuInspector.LeafVisitor;
import dev.sva4j.spi.pagetable.Rights;
import java.util.ArrayList;
import java.util.List;

/** Merges leaves to runs as they come. */
final class RunCollector implements LeafVisitor {
    private final boolean withPrivileged;
    private final List<MappingRun> runs = new ArrayList<>();
    private final List<UnknownRange> unknown = new ArrayList<>();

    /**
     * A collector.
     *
     * @param withPrivileged whether leaves that a user-privilege request may not use are kept
     */
    RunCollector(boolean withPrivileged) {
        this.withPrivileged = withPrivileged;
    }

    @Override
    public void leaf(long iova, long pa, long size, int rights) {
        boolean read = (rights & Rights.READ) != 0;
        boolean write = (rights & Rights.WRITE) != 0;
        boolean privileged = (rights & Rights.USER) == 0;
        if ((!read && !write) || (privileged && !withPrivileged)) {
            return;
        }
        MappingRun run = new MappingRun(iova, pa, size, read, write, privileged);
        int last = runs.size() - 1;
        if (last >= 0 && run.continues(runs.get(last))) {
            runs.set(last, runs.get(last).longerBy(run));
        } else {
            runs.add(run);
        }
    }

    @Override
    public void notInImage(long iova, long size, long tableAddress) {
        unknown.add(new UnknownRange(iova, size, tableAddress));
    }

    List<MappingRun> runs() {
        return runs;
    }

    List<UnknownRange> unknown() {
        return unknown;
    }
}
