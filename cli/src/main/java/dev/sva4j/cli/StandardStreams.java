package dev.sva4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes; a test puts its own in place.
 *
 * @param in requests
 * @param out answers
 * @param err what went wrong
 */
public record StandardStreams(InputStream in, PrintStream out, PrintStream err) {
    private static final int OUT_BUFFER = 1 << 16;

    /**
     * Those of the process, in UTF-8 whatever the locale says. {@code out} is buffered: who answers requests one by one
     * flushes after each.
     */
    static StandardStreams ofProcess() {
        var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BUFFER);
        var err = new FileOutputStream(FileDescriptor.err);
        return new StandardStreams(System.in, new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8));
    }

    void flush() {
        out.flush();
        err.flush();
    }
}
