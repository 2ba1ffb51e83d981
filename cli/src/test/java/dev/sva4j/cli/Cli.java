package dev.sva4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** Runs a command line in this JVM. */
public final class Cli {
    private Cli() {}

    /** What came of it. */
    public record Result(int exitCode, String out, String err) {
        /** Lines of standard output. */
        public List<String> lines() {
            return out.lines().toList();
        }
    }

    /** Runs without input. */
    public static Result run(String... args) {
        return runWith("", args);
    }

    /** Runs with {@code input} as standard input. */
    public static Result runWith(String input, String... args) {
        return runWith(new ByteArrayInputStream(input.getBytes(UTF_8)), false, args);
    }

    static Result runWith(InputStream in, boolean debug, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        StandardStreams streams =
                new StandardStreams(in, new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8));
        int exitCode = new CommandRunner(streams, debug).run(args);
        streams.flush();
        return new Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }
}
