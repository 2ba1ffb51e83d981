package dev.sva4j.cli.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of a stream that may have no end, and no end of a line: what is too long to be a request is cut, not kept. */
final class BoundedLines {
    /** A request has some 60 characters. */
    private static final int MOST = 1024;

    private final InputStream in;
    private final StringBuilder line = new StringBuilder();

    BoundedLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** The next line without its end, cut at {@value #MOST} bytes; null after the last. */
    @Nullable
    String next() throws IOException {
        line.setLength(0);
        int c = in.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() < MOST) {
                // Requests are ASCII; whatever else there is shows up as a wrong word.
                line.append(c < 0x80 ? (char) c : '?');
            }
        }
        return line.toString();
    }
}
