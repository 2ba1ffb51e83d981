package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.QueueConsumer;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.vtd.layout.PageRequestDescriptor;
import dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The page request queue: requests of functions, stop markers included (VT-d 7.5; {@code prq_event_thread}). A pass takes
 * what PQT showed at its start, so it is bounded by the size of the queue.
 *
 * <p>What Linux refuses by itself (execute, privileged, addresses of no process) is delivered like all else: core answers.
 */
final class PageRequestQueue extends QueueConsumer {
    /** One page, 128 requests. Devices have credits; the queue overflows only if those are many. */
    private static final int PQS = 0;

    /** How often a drain looks again. Every pass frees the whole queue, so what comes later has come later. */
    private static final int PASSES_OF_A_DRAIN = 16;

    private final Unit unit;
    private final TableMemory memory;
    private final FaultSink faults;

    /** PQA. */
    private final long pqa;

    /** PQH: what has been taken. Belongs to the pass. */
    private long head;

    /** How often the queue has overflowed. Written by passes, read by any thread. */
    private final AtomicInteger overflows = new AtomicInteger();

    /** Allocates the queue. */
    PageRequestQueue(Unit unit, TableMemory memory, FaultSink faults) {
        super(unit, "page request queue");
        this.unit = unit;
        this.memory = memory;
        this.faults = faults;
        long bytes = PageRequestQueueRegisters.bytes(PageRequestQueueRegisters.encode(0, PQS));
        this.pqa = PageRequestQueueRegisters.encode(memory.allocate(bytes, "the page request queue"), PQS);
    }

    /** Programs head, tail and base. Requests come when the first context entry allows them. */
    void program() {
        unit.write(PageRequestQueueRegisters.PQH, 0);
        unit.write(PageRequestQueueRegisters.PQT, 0);
        unit.write(PageRequestQueueRegisters.PQA, pqa);
        unit.write(
                PageRequestQueueRegisters.PRS,
                PageRequestQueueRegisters.PPR.encode(true) | PageRequestQueueRegisters.PRO.encode(true));
    }

    /** Delivers everything that hardware has queued so far: all of it has been delivered when this returns. */
    void drain() {
        long full = PageRequestQueueRegisters.entries(pqa) - 1L;
        int passes = 0;
        while (consume() >= full && passes < PASSES_OF_A_DRAIN) {
            passes++;
        }
    }

    /** How often the queue has overflowed so far. */
    int overflows() {
        return overflows.get();
    }

    @Override
    protected long pass() {
        // First, or a request that arrives after PQT was read would not interrupt.
        unit.write(PageRequestQueueRegisters.PRS, PageRequestQueueRegisters.PPR.encode(true));
        long tail = tail();
        long taken = 0;
        try {
            while (head != tail) {
                PageRequest request = read(PageRequestQueueRegisters.requestAddress(pqa, head));
                // Taken, whatever comes of it: a request that cannot be delivered must not come back.
                head = PageRequestQueueRegisters.next(head, pqa);
                taken++;
                faults.pageRequest(request);
            }
        } finally {
            if (taken > 0) {
                unit.write(PageRequestQueueRegisters.PQH, head);
            }
        }
        acknowledgeOverflow();
        return taken;
    }

    /**
     * While PRO is 1 hardware queues nothing and answers by itself, Success as a rule, so that devices ask again. It is
     * cleared only when the queue is empty: then the groups whose members were lost are told from those that come after.
     */
    private void acknowledgeOverflow() {
        if (isOverflowActive() && tail() == head) {
            overflows.incrementAndGet();
            faults.pageRequestsLost();
            unit.write(PageRequestQueueRegisters.PRS, PageRequestQueueRegisters.PRO.encode(true));
        }
    }

    @Override
    protected boolean isMoreLeft() {
        return tail() != head || isOverflowActive();
    }

    private boolean isOverflowActive() {
        return PageRequestQueueRegisters.PRO.isSet(unit.read(PageRequestQueueRegisters.PRS));
    }

    private long tail() {
        return PageRequestQueueRegisters.TAIL.getAddress(unit.read(PageRequestQueueRegisters.PQT));
    }

    private PageRequest read(long address) {
        long word0 = memory.load(address);
        long word1 = memory.load(address + Long.BYTES);
        return new PageRequest(
                (int) PageRequestDescriptor.RID.get(word0),
                PageRequestDescriptor.PP.isSet(word0) ? (int) PageRequestDescriptor.PASID.get(word0) : Pasid.NONE,
                PageRequestDescriptor.ADDR.getAddress(word1),
                PageRequestDescriptor.RDR.isSet(word1),
                PageRequestDescriptor.WRR.isSet(word1),
                PageRequestDescriptor.EXR.isSet(word0),
                PageRequestDescriptor.PMR.isSet(word0),
                (int) PageRequestDescriptor.PRGI.get(word1),
                PageRequestDescriptor.LPIG.isSet(word1),
                PageRequest.Kind.PRI);
    }
}
