package dev.sva4j.cli.image;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of a stream that may have no end, and no end of a line: what is too long to be a request is cut, not kept. */
final class BoundedLines {
    /** A request has some 60 characters. */
    private static final int MOST = 1024;

    private static final int BUFFER = 1 << 14;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private final StringBuilder line = new StringBuilder();

    BoundedLines(InputStream in) {
        this.in = in;
    }

    /** The next line without its end, cut at {@value #MOST} bytes; null after the last. */
    @Nullable
    String next() throws IOException {
        line.setLength(0);
        int c = read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = read()) {
            if (line.length() < MOST) {
                // Requests are ASCII; whatever else there is shows up as a wrong word.
                line.append(c < 0x80 ? (char) c : '?');
            }
        }
        return line.toString();
    }

    /** Whether another line is here already: the next call of {@link #next} does not wait for anybody. */
    boolean hasLine() {
        for (int i = position; i < limit; i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    private int read() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
            if (limit == 0) {
                return -1;
            }
        }
        return buffer[position++] & 0xff;
    }
}
