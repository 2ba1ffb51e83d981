package dev.sva4j.qemu;

/** QEMU has died, or refused a command. */
public final class QemuException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error with this message. */
    public QemuException(String message) {
        super(message);
    }
}
