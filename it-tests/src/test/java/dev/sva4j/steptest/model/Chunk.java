package dev.sva4j.steptest.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The part of an access that lies in one page: what happens at one moment.
 *
 * @param extent page
 * @param offset first byte within it
 * @param from position within the data
 * @param length bytes
 */
record Chunk(int extent, int offset, int from, int length) {
    static List<Chunk> of(Op op) {
        List<Chunk> chunks = new ArrayList<>();
        int extent = op.first();
        int offset = op.offset();
        int done = 0;
        do {
            int length = Math.min(op.length() - done, Layout.PAGE - offset);
            chunks.add(new Chunk(extent, offset, done, length));
            done += length;
            extent++;
            offset = 0;
        } while (done < op.length());
        return chunks;
    }

    static int lastExtent(Op op) {
        return op.offset() + op.length() > Layout.PAGE ? op.first() + 1 : op.first();
    }
}
