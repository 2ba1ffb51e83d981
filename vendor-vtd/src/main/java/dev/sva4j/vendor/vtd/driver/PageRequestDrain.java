package dev.sva4j.vendor.vtd.driver;

/**
 * Brings every page request of a PASID that is under way into the hands of core (VT-d 7.11; {@code
 * intel_iommu_drain_pasid_prq}). Its entry is cleared, so no new one is queued.
 */
final class PageRequestDrain {
    /** How often it is repeated when the queue overflows meanwhile. It takes other devices to make that happen for ever. */
    private static final int ATTEMPTS = 16;

    private final PageRequestQueue queue;
    private final Caches caches;

    PageRequestDrain(PageRequestQueue queue, Caches caches) {
        this.queue = queue;
        this.caches = caches;
    }

    /**
     * What is queued first, because hardware cannot drain into a full queue; then what is between the device and the queue.
     * If the queue overflowed in between, what hardware answered by itself may have met it after the drain.
     */
    void run(Device device, int pasid) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            queue.drain();
            int before = queue.overflows();
            caches.drainPageRequests(device, pasid);
            queue.drain();
            if (queue.overflows() == before) {
                return;
            }
        }
    }
}
