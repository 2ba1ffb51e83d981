package dev.sva4j.spi;

import dev.sva4j.spi.pagetable.PageTableFormat;
import org.apiguardian.api.API;

/**
 * The driver half of an IOMMU: the only one that writes its tables, commands and registers.
 *
 * <p>It sees memory, registers and interrupts through its {@link DriverHost} and nothing of the hardware half. Core has
 * made sure of the order of calls: a PASID is set once before it is quiesced or cleared, a context outlives its
 * entries, a device is attached before anything else is said of it.
 *
 * <p>Threading: any number of threads call at the same time, but core does not call {@code setPasid}, {@code
 * quiescePasid} and {@code clearPasid} concurrently for the same (device, PASID), nor two set-up calls for the same
 * device. Methods may wait through the scheduler for the completion of commands, at most {@link
 * DriverHost#commandTimeoutNanos()} each, and hold no lock meanwhile.
 *
 * <p>Errors: {@link dev.sva4j.api.SvaException}. A call that is refused changes nothing. {@code TIMED_OUT} is
 * different: the entry is written, but nobody knows whether the hardware has seen it; core then fences the device.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface IommuDriver extends AutoCloseable {

    /**
     * Brings the hardware up: resets it, builds queues and root tables with every device blocked, enables translation.
     *
     * @return what it can do
     * @throws dev.sva4j.api.SvaException NO_MEMORY, UNSUPPORTED (the hardware lacks what this driver needs: the message
     *     names the first failed condition), TIMED_OUT
     */
    IommuCapabilities start();

    /**
     * Checks whether process page tables of this kind can be walked.
     *
     * @throws dev.sva4j.api.SvaException UNSUPPORTED naming the first failed condition
     */
    void checkProcessFormat(PageTableFormat format);

    /**
     * The format for page tables that no process stands behind. A format of the process's own would do, but some
     * architectures have another one for traffic without a PASID.
     *
     * <p>Its pages are those of processes (4 KiB). Core installs leaves with READ and USER, with or without WRITE and
     * EXECUTE, always ACCESSED and, if writable, DIRTY; a format that cannot withhold one of them takes it as given.
     *
     * @param tagged whether they are for requests with a PASID, or for requests without
     * @throws dev.sva4j.api.SvaException UNSUPPORTED if the hardware translates no such requests
     */
    PageTableFormat domainFormat(boolean tagged);

    /** Makes room for a device: its PASID table, empty. Untagged traffic is blocked. ATS and page requests are off. */
    void attachDevice(DeviceAttachment device);

    /** Undoes {@link #attachDevice}. Core has cleared every PASID and turned ATS and page requests off. */
    void detachDevice(int requester);

    /**
     * Allows or forbids ATS translation requests and translated requests. From now on its ATC belongs to (or, at the
     * end, leaves) the caches that an invalidation must reach, whatever was set before.
     */
    void setAts(int requester, boolean enabled);

    /** Allows or forbids page requests. */
    void setPageRequests(int requester, boolean enabled);

    /**
     * Says what happens to requests without a PASID. When it returns nothing is left of what was said before: neither
     * in a cache nor on its way. Going from one kind of translation to another may block the traffic in between. Runs
     * beside changes of other entries of the device.
     *
     * @throws dev.sva4j.api.SvaException if it is refused: then what was said before still holds, unless the error is
     *     TIMED_OUT
     */
    void setUntagged(int requester, UntaggedTraffic traffic);

    /**
     * Takes up an address space and gives it a cache tag that no other open context has.
     *
     * @param format how its tables are written
     * @param root physical address of the top table
     * @throws dev.sva4j.api.SvaException NO_SPACE if no tag is left, UNSUPPORTED
     */
    TranslationContext openContext(PageTableFormat format, long root);

    /** Gives the tag back, after every cache has forgotten it. No entry refers to the context any more. */
    void closeContext(TranslationContext context);

    /**
     * Makes {@code pasid} of a device translate through {@code context}. When it returns the hardware sees the entry.
     *
     * @param stall whether faults of this PASID are to stall; only if the device was attached so
     */
    void setPasid(int requester, int pasid, TranslationContext context, boolean stall);

    /**
     * Makes {@code pasid} silent while DMA goes on: no walk starts from the old root, no cache holds anything derived
     * from it, accesses abort, and the hardware writes no fault records for them as far as it can be told so. When it
     * returns all of that holds and the tables may be freed. Waits for command completion only, never for a device or
     * for the page-request queue.
     */
    void quiescePasid(int requester, int pasid);

    /** Empties the entry of {@code pasid}, live or quiesced, and removes it from every cache. */
    void clearPasid(int requester, int pasid);

    /**
     * Removes translations of {@code [start, last]} (both inclusive; {@code 0, -1} is everything) from every cache that
     * can hold them: IOTLB first, then the ATC of each device. When it returns no DMA uses them any more.
     *
     * @param tables whether upper-level tables were removed too, so that walker caches must go as well
     */
    void invalidate(TranslationContext context, long start, long last, boolean tables);

    /**
     * Pushes every page request of this device and PASID that the hardware has queued so far into {@link
     * DriverHost#faults()}, and every fault record of it, if the {@linkplain QuiesceStrategy#silentInHardware() strategy}
     * lets hardware write some. Entry and caches were cleared before. Waits for the hardware queue, holding nothing that
     * fault handling needs.
     */
    void drain(int requester, int pasid);

    /** Answers a page-request group or a stalled transaction. Does not wait. */
    void respond(PageResponse response);

    /**
     * The device has vanished: commands to its ATC would never be answered. From now on they are not sent, and waits
     * for it end.
     */
    void deviceGone(int requester);

    /** Disables the hardware and returns every frame. Idempotent. */
    @Override
    void close();
}
