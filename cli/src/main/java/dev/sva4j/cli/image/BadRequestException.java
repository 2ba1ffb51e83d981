package dev.sva4j.cli.image;

/** A line that is not a request. Checked: its place is in the answer, not at the end of the program. */
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message, null, false, false);
    }
}
