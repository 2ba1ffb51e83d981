package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * Told once per bond that its process has exited: {@code mm_exit} of the 2018 patches.
 *
 * <p>Runs on a task of its own (except under {@link ExitPolicy#RELEASE_ON_RETURN_INLINE}), holds nothing, and may take
 * as long as it wants: neither exit nor reclaim waits for it. It may call {@link SvaBond#unbind()}. What it throws is
 * reported to {@link SvaListener#mmExitFailed} and counts as its return.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
@FunctionalInterface
public interface MmExitHandler {
    /** Does nothing. */
    MmExitHandler NONE = bond -> {};

    /** The process behind {@code bond} is gone: stop the device's work for this PASID. */
    void mmExit(SvaBond bond);
}
