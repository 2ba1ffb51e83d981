package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * Why a call was refused; mirrors the kernel's error numbers.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum SvaError {
    /** ENODEV: no such device or plug-in, or it is gone. */
    NO_DEVICE,
    /** ESRCH, ENOENT: nothing by that name or number. */
    NOT_FOUND,
    /** EBUSY: in use by something else. */
    BUSY,
    /** EEXIST: already there. */
    EXISTS,
    /** ERANGE, EOVERFLOW: a number outside the range that is allowed here. */
    RANGE,
    /** ENOSPC: a number space is exhausted. */
    NO_SPACE,
    /** ENOMEM: no memory. */
    NO_MEMORY,
    /** EINVAL: arguments that make no sense. */
    INVALID,
    /** EOPNOTSUPP: makes sense, but not on this hardware. */
    UNSUPPORTED,
    /** ESTALE: the object's life is over. */
    STALE,
    /** ETIMEDOUT: hardware or a callback did not end in time. */
    TIMED_OUT
}
