package dev.sva4j.cli;

/** What the user gave cannot be used. The message is all that is shown: it names the thing and says how to mend it. */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** For the reason given. */
    public InputException(String message) {
        super(message);
    }

    /** For the reason that {@code cause} gives, in its words. */
    public InputException(Exception cause) {
        super(cause.getMessage(), cause);
    }

    /** For the reason given, found out by way of {@code cause}. */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
