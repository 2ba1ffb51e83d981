package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.smmu.layout.PriQueueEntry;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;

/** The PRI queue: page requests of PCI functions, stop markers included (IHI 0070 §8). */
final class PriQueue extends QueueReader {
    private static final Registers REGISTERS =
            new Registers(QueueRegisters.PRIQ_BASE, QueueRegisters.PRIQ_PROD, QueueRegisters.PRIQ_CONS);

    private final FaultSink faults;

    PriQueue(Unit unit, TableMemory memory, FaultSink faults, int log2Size) {
        super(unit, memory, "priq", REGISTERS, log2Size, QueuePointer.LOG2_COMMAND_BYTES);
        this.faults = faults;
    }

    @Override
    void deliver(long[] entry) {
        faults.pageRequest(decode(entry));
    }

    /** A lost request may have closed a group, so no group that is open can be trusted. */
    @Override
    void lost() {
        faults.pageRequestsLost();
    }

    private static PageRequest decode(long[] entry) {
        long word0 = entry[0];
        long word1 = entry[1];
        return new PageRequest(
                (int) PriQueueEntry.STREAMID.get(word0),
                PriQueueEntry.SSV.isSet(word0) ? (int) PriQueueEntry.SUBSTREAMID.get(word0) : Pasid.NONE,
                PriQueueEntry.PAGE_ADDR.getAddress(word1),
                PriQueueEntry.R.isSet(word0),
                PriQueueEntry.W.isSet(word0),
                PriQueueEntry.X.isSet(word0),
                PriQueueEntry.PRIV.isSet(word0),
                (int) PriQueueEntry.PRG_INDEX.get(word1),
                PriQueueEntry.LAST.isSet(word0),
                PageRequest.Kind.PRI);
    }
}
