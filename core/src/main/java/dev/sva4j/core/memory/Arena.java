package dev.sva4j.core.memory;

/**
 * The buddies of one naturally aligned power of two of frames, at most 1 GiB of them: a complete binary tree in an
 * array.
 *
 * <p>Node 1 is the whole arena, nodes {@code 2n} and {@code 2n + 1} are the halves of node {@code n}. A node holds the
 * order (log2 of frames) plus one of the largest free block beneath it, 0 if there is none, or {@link #ALLOCATED} if it
 * was handed out as one block. What lies beneath an allocated node keeps the values of free blocks, so freeing it
 * restores one byte and its ancestors.
 *
 * <p>Not thread-safe: guarded by the allocator's lock.
 */
final class Arena {
    /** Frames in 1 GiB. */
    static final long MAX_FRAMES = 1L << 18;

    private static final byte ALLOCATED = -1;

    /** First frame number, a multiple of {@link #frames}. */
    final long base;

    /** A power of two. */
    final int frames;

    private final byte[] tree;

    /** An arena whose frames {@code [from, to)} are free; the rest of it, up to its alignment, does not exist. */
    Arena(long from, long to) {
        int order = 0;
        while ((from >>> order) != ((to - 1) >>> order)) {
            order++;
        }
        this.frames = 1 << order;
        this.base = (from >>> order) << order;
        this.tree = new byte[2 * frames];
        for (long frame = from; frame < to; frame++) {
            tree[frames + (int) (frame - base)] = 1;
        }
        for (int node = frames - 1; node >= 1; node--) {
            tree[node] = merged(node);
        }
    }

    /** The first frame of the lowest free block of 2^{@code order} frames, now allocated; -1 if there is none. */
    long allocate(int order) {
        if (tree[1] <= order) {
            return -1;
        }
        int node = 1;
        for (int level = order(1); level > order; level--) {
            node = tree[2 * node] > order ? 2 * node : 2 * node + 1;
        }
        tree[node] = ALLOCATED;
        updateAncestors(node);
        return base + ((long) node << order) - frames;
    }

    /** Frees a block of 2^{@code order} frames that starts at {@code frame}; false if it is not allocated as such. */
    boolean free(long frame, int order) {
        if ((1 << order) > frames) {
            return false;
        }
        int node = (frames + (int) (frame - base)) >>> order;
        if (tree[node] != ALLOCATED) {
            return false;
        }
        tree[node] = (byte) (order + 1);
        updateAncestors(node);
        return true;
    }

    private void updateAncestors(int node) {
        for (int parent = node >>> 1; parent >= 1; parent >>>= 1) {
            byte value = merged(parent);
            if (tree[parent] == value) {
                return;
            }
            tree[parent] = value;
        }
    }

    /** What a node must hold given its halves: they merge when both are wholly free. */
    private byte merged(int node) {
        int left = tree[2 * node];
        int right = tree[2 * node + 1];
        int whole = order(node);
        if (left == whole && right == whole) {
            return (byte) (whole + 1);
        }
        return (byte) Math.max(0, Math.max(left, right));
    }

    /** log2 of the frames of a node. */
    private int order(int node) {
        return Integer.numberOfTrailingZeros(frames) - (31 - Integer.numberOfLeadingZeros(node));
    }
}
