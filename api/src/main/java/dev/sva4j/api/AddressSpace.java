package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * A process address space (mm): mapped ranges with rights, and the page tables which CPU and devices share. Pages are 4
 * KiB, filled with zeroes on first touch, shared copy-on-write after fork.
 *
 * <p>Two counts keep it: <em>users</em> (threads, fault handlers) keep its mappings, <em>references</em> (bonds,
 * holders of the object) keep the object and its PASID. At the last user it exits.
 *
 * <p>Thread-safe. Calls that change mappings return only after no device can use the old ones.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface AddressSpace extends AutoCloseable {
    /** Page size, bytes. */
    int PAGE_SIZE = 4096;

    /** Name for messages and traces. */
    String name();

    /**
     * Maps anonymous memory, filled on demand. Linux: {@code mmap(MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED_NOREPLACE)}.
     *
     * @param address multiple of 4 KiB in the lower half
     * @param size multiple of 4 KiB, not 0
     * @throws SvaException EXISTS if the range overlaps a mapping; INVALID; STALE after exit
     */
    void map(long address, long size, Protection protection);

    /**
     * Maps anonymous memory where there is room, lowest first.
     *
     * @return its address
     * @throws SvaException NO_SPACE, INVALID, STALE
     */
    long map(long size, Protection protection);

    /**
     * Like {@link #map(long, long, Protection)}, with 2 MiB pages: address and size are multiples of 2 MiB. All of it
     * is filled at once.
     *
     * @throws SvaException NO_MEMORY if there are not enough contiguous frames
     */
    void mapHuge(long address, long size, Protection protection);

    /** Unmaps; holes are skipped. Linux: {@code munmap}. */
    void unmap(long address, long size);

    /**
     * Changes rights of a range that is mapped throughout. Linux: {@code mprotect}.
     *
     * @throws SvaException NOT_FOUND if a page of the range is not mapped: then nothing changes
     */
    void protect(long address, long size, Protection protection);

    /** Throws the contents of the range away; the next touch finds zeroes. Linux: {@code madvise(MADV_DONTNEED)}. */
    void discard(long address, long size);

    /**
     * A copy that shares every page copy-on-write. It has no PASID and no bond. Linux: {@code fork}.
     *
     * @throws SvaException NO_MEMORY: then the parent is as before; STALE after exit
     */
    AddressSpace fork(String childName);

    /**
     * A fresh address space takes the place of this one, which exits. Bonds do not follow. Linux: {@code execve}.
     *
     * @return the fresh one
     */
    AddressSpace exec(String newName);

    /**
     * Reads as the process would, faulting pages in.
     *
     * @throws SvaException NOT_FOUND if an address is not mapped or not readable (SIGSEGV); NO_MEMORY; STALE after exit
     */
    void read(long address, byte[] target, int offset, int length);

    /** Writes as the process would; errors as for {@link #read}. */
    void write(long address, byte[] source, int offset, int length);

    /**
     * Touches every page of the range for {@code access}, so that a device will not fault there. Linux: {@code
     * madvise(MADV_POPULATE_*)}.
     */
    void populate(long address, long size, Access access);

    /** Whether the page holding {@code address} has a frame now. */
    boolean isResident(long address);

    /**
     * Bytes of data frames that are mapped now; shared frames count in every space that maps them.
     */
    long residentBytes();

    /**
     * The process ends: gives up the users count that came with creation. At the last user (at once, unless a fault is
     * being handled) devices are quiesced, then page tables and frames are freed, then callbacks are told. Does not
     * wait for a callback, a device or an unbind, except under {@link ExitPolicy#RELEASE_ON_RETURN_INLINE}. Calling it
     * again changes nothing.
     */
    void exit();

    /**
     * Kills the process because memory is short: a reaper frees its data pages on its own, whatever the exit path waits
     * for; the process exits. From now on no page is filled in any more.
     */
    void oomKill();

    /** Whether exit has begun: nothing new is bound or faulted in. */
    boolean isExiting();

    /** Whether page tables and data frames have been given back. */
    boolean isReclaimed();

    /**
     * Waits until {@link #isReclaimed()}.
     *
     * @param timeoutNanos at most this long by the scheduler's clock
     * @return {@code false} if it took longer
     */
    boolean awaitReclaimed(long timeoutNanos);

    /**
     * Exits, and gives up the reference that came with creation: object and PASID live on until the last bond has
     * ended.
     */
    @Override
    void close();
}
