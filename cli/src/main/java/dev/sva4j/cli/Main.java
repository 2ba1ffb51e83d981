package dev.sva4j.cli;

/** Start of the {@code sva4j} command. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        StandardStreams streams = StandardStreams.ofProcess();
        boolean debug = "1".equals(System.getenv("SVA4J_DEBUG"));
        int exitCode = new CommandRunner(streams, debug).run(args);
        streams.flush();
        System.exit(exitCode);
    }
}
