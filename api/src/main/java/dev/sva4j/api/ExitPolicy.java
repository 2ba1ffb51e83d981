package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * Who ends a bond after its process has died. The question of the 2018 discussion: between exit and that moment the
 * device may go on with DMA, the PASID is quiesced, and its number stays taken.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum ExitPolicy {
    /**
     * The driver calls {@link SvaBond#unbind()} whenever its device has stopped; the callback is information. Mainline
     * Linux.
     */
    EXPLICIT_UNBIND,
    /**
     * The return of the callback releases the bond, as in the second version of the 2018 patches, but after quiesce.
     */
    RELEASE_ON_RETURN,
    /**
     * The 2018 patches to the letter: the callback runs before quiesce, on the exiting thread, and its return releases
     * the bond. Exists to be measured: exit and page-table reclaim wait for the callback; only the reaper frees data
     * pages meanwhile.
     */
    RELEASE_ON_RETURN_INLINE
}
