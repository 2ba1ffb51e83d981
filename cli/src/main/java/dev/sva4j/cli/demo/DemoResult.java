package dev.sva4j.cli.demo;

import org.jspecify.annotations.Nullable;

/**
 * Figures of one run, every one counted where it happens.
 *
 * @param vendor the plug-in, or {@code driver+hardware} if two
 * @param policy who ends a bond after the process has died
 * @param quiesce mechanism by which the PASID was silenced
 * @param seed of the schedule; null if threads ran
 * @param dmaAfterExit DMA that devices started after the process was dead
 * @param faults unrecoverable fault records of the whole run
 * @param pageRequests recoverable faults of the whole run
 * @param exitNanos how long exit took
 * @param reclaimNanos from the start of exit until page tables and frames were given back
 * @param mmExitNanos from the start of the first callback to the return of the last one
 * @param pasidReusableAfter the first moment at which another process got the number
 */
record DemoResult(
        String vendor,
        String policy,
        String quiesce,
        @Nullable Long seed,
        DmaAfterExit dmaAfterExit,
        Faults faults,
        PageRequests pageRequests,
        long exitNanos,
        long reclaimNanos,
        long mmExitNanos,
        String pasidReusableAfter) {
    /**
     * DMA after exit: after {@code exit()} has returned, or, under the inline policy, after the callback on its way has
     * begun.
     *
     * @param attempted operations started
     * @param reachedMemory of those, found in memory: read back by the device, or by whoever owned the frame by then
     * @param aborted of those, ended without transferring
     */
    record DmaAfterExit(long attempted, long reachedMemory, long aborted) {}

    /**
     * Fault records.
     *
     * @param recordedByHardware written by hardware
     * @param droppedBySoftware of those, dropped because of the state of their PASID
     * @param reported of those, reported
     * @param overflows reports that the fault log overflowed, so that faults may be missing
     */
    record Faults(long recordedByHardware, long droppedBySoftware, long reported, long overflows) {}

    /**
     * Page requests.
     *
     * @param received by software
     * @param groups closed
     * @param answeredBySoftware groups
     * @param answeredByHardware responses that devices saw and software had not sent
     */
    record PageRequests(long received, long groups, long answeredBySoftware, long answeredByHardware) {}
}
