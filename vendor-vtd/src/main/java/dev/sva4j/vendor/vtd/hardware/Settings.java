package dev.sva4j.vendor.vtd.hardware;

/**
 * What the control registers say, as one immutable value: a translation reads it once and is not torn by a register
 * write.
 *
 * @param enabled GSTS.TES, as requests that arrive now see it
 * @param mode RTADDR.TTM, as taken by GCMD.SRTP
 * @param rootTable RTADDR.RTA, likewise
 */
record Settings(boolean enabled, Mode mode, long rootTable) {
    /** The translation table mode (11.4.5). */
    enum Mode {
        LEGACY,
        SCALABLE,
        /** Everything is blocked. */
        ABORT_DMA,
        /** Reserved, or one that the unit does not have. */
        INVALID
    }

    /** After reset: off, and a root table at 0 in legacy mode. */
    static final Settings RESET = new Settings(false, Mode.LEGACY, 0);
}
