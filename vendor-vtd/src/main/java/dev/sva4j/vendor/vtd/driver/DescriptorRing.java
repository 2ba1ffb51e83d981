package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.driver.CompletionRing;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.vtd.layout.FaultStatus;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;
import dev.sva4j.vendor.vtd.layout.InvalidationQueue;
import dev.sva4j.vendor.vtd.layout.InvalidationWait;

/** The entries and registers of the invalidation queue (VT-d 6.5.2; {@code qi_submit_sync}). A wait is an inv_wait. */
final class DescriptorRing extends CompletionRing {
    /** Two pages, 256 descriptors, as in Linux: several times the longest run. */
    private static final int QS = 1;

    private final Unit unit;
    private final TableMemory memory;

    /** IQA. */
    private final long iqa;

    private DescriptorRing(Unit unit, TableMemory memory, long iqa) {
        super(unit, memory, InvalidationQueue.entries(iqa));
        this.unit = unit;
        this.memory = memory;
        this.iqa = iqa;
    }

    /** Allocates the queue. */
    static DescriptorRing allocate(Unit unit, TableMemory memory) {
        long shape = InvalidationQueue.encode(0, true, QS);
        long base = memory.allocate(InvalidationQueue.bytes(shape), "the invalidation queue");
        return new DescriptorRing(unit, memory, InvalidationQueue.encode(base, true, QS));
    }

    /** Programs tail and base; the queue is still disabled. Hardware has set IQH to 0. */
    void program() {
        unit.write(InvalidationQueue.IQT, 0);
        unit.write(InvalidationQueue.IQA, iqa);
    }

    @Override
    protected boolean showsError() {
        long fsts = unit.read(FaultStatus.FSTS);
        return FaultStatus.IQE.isSet(fsts) || FaultStatus.ITE.isSet(fsts) || FaultStatus.ICE.isSet(fsts);
    }

    /** See VT-d 6.5.2.11 and {@code qi_check_fault}. */
    @Override
    protected void recover() {
        long fsts = unit.read(FaultStatus.FSTS);
        if (FaultStatus.IQE.isSet(fsts)) {
            long iqei = InvalidationQueue.IQEI.get(unit.read(InvalidationQueue.IQERCD));
            if (skipRefused("IQERCD.IQEI " + iqei, iqei == InvalidationQueue.IQEI_FETCH)) {
                restart(FaultStatus.IQE);
            }
        }
        if (FaultStatus.ITE.isSet(fsts)) {
            abortRuns((int) InvalidationQueue.ITESID.get(unit.read(InvalidationQueue.IQERCD)));
            restart(FaultStatus.ITE);
        }
        if (FaultStatus.ICE.isSet(fsts)) {
            report(String.format(
                    "%s: device 0x%x has completed an invalidation that was not under way",
                    unit.name(), InvalidationQueue.ICESID.get(unit.read(InvalidationQueue.IQERCD))));
            unit.write(FaultStatus.FSTS, FaultStatus.ICE.encode(true));
        }
    }

    /** Clears the error. Some models look at the queue again only when IQT is written. */
    private void restart(BitField error) {
        unit.write(FaultStatus.FSTS, error.encode(true));
        publish(produced());
    }

    @Override
    protected void publish(long produced) {
        unit.write(InvalidationQueue.IQT, InvalidationQueue.offset(produced, iqa));
    }

    @Override
    protected long distanceFrom(long position) {
        return InvalidationQueue.distance(
                InvalidationQueue.offset(position, iqa), unit.read(InvalidationQueue.IQH), iqa);
    }

    @Override
    protected void store(long position, long word0, long word1) {
        memory.store(address(position), new long[] {word0, word1, 0, 0});
    }

    /** A wait with neither SW nor IF is legal too, but some models refuse it. So each writes its status. */
    @Override
    protected void storeWait(long position, long address, int data, boolean forPageRequests) {
        store(position, InvalidationWait.statusWord0(data, forPageRequests), InvalidationWait.statusWord1(address));
    }

    private long address(long position) {
        return InvalidationQueue.descriptorAddress(iqa, InvalidationQueue.offset(position, iqa));
    }

    @Override
    protected String describe(long position) {
        long address = address(position);
        return describe(memory.load(address), memory.load(address + Long.BYTES));
    }

    @Override
    protected String describe(long word0, long word1) {
        InvalidationDescriptor descriptor = InvalidationDescriptor.of(word0);
        return String.format(
                "%s %016x %016x",
                descriptor == null ? "unknown descriptor" : descriptor.layout().name(), word0, word1);
    }
}
