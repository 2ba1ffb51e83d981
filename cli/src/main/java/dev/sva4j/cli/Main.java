package dev.sva4j.cli;

/** The {@code sva4j} command. */
public final class Main {
    private static final int BAD_USAGE = 2;

    private Main() {}

    /**
     * Runs one command.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        System.err.println("Usage: sva4j COMMAND (no command is implemented yet)");
        System.exit(BAD_USAGE);
    }
}
