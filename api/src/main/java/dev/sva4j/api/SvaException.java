package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * A call was refused. Unless the method says otherwise, nothing has changed.
 *
 * <p>The message says what was asked, where, and how to mend it.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class SvaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of refusal; for programs. */
    private final SvaError error;

    /** A refusal. */
    public SvaException(SvaError error, String message) {
        super(message);
        this.error = error;
    }

    /** A refusal that was caused by something else. */
    public SvaException(SvaError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    /** What kind of refusal. */
    public SvaError error() {
        return error;
    }
}
