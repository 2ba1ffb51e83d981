package dev.sva4j.cli.image;

/**
 * Neighbouring leaves with consecutive addresses on both sides and equal rights.
 *
 * @param privileged whether only privileged requests may use it
 */
record MappingRun(long iova, long pa, long size, boolean read, boolean write, boolean privileged) {
    boolean continues(MappingRun before) {
        return iova == before.iova + before.size
                && pa == before.pa + before.size
                && read == before.read
                && write == before.write
                && privileged == before.privileged;
    }

    MappingRun longerBy(MappingRun next) {
        return new MappingRun(iova, pa, size + next.size, read, write, privileged);
    }
}
