package dev.sva4j.core.mm;

/**
 * Told by an address space what devices must forget. The counterpart of the kernel's MMU notifier.
 *
 * <p>Methods are called without any lock, wait for the completion of commands only, and do not throw: what cannot be
 * confirmed in time has been fenced off when they return.
 */
public interface MmuNotifier {
    /** For an address space that no device knows. */
    MmuNotifier NONE = new MmuNotifier() {
        @Override
        public void invalidate(long start, long last, boolean tables) {}

        @Override
        public void beforeRelease() {}

        @Override
        public void release() {}

        @Override
        public void afterReclaim() {}
    };

    /**
     * Entries for {@code [start, last]} have changed. When this returns no device uses the old ones.
     *
     * @param tables whether tables were unlinked too
     */
    void invalidate(long start, long last, boolean tables);

    /** Exit has begun; page tables are still live. Runs the callbacks of those bonds whose policy wants them here. */
    void beforeRelease();

    /** When this returns no walk starts from the root any more, and no cache holds anything derived from it. */
    void release();

    /** Tables and frames are gone: time for the other callbacks. */
    void afterReclaim();
}
