package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.PageRequestDescriptor.EXR;
import static dev.sva4j.vendor.vtd.layout.PageRequestDescriptor.PMR;
import static dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters.PPR;
import static dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters.PQA;
import static dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters.PQH;
import static dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters.PQT;
import static dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters.PRO;
import static dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters.PRS;

import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.vtd.layout.PageRequestDescriptor;
import dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters;

/**
 * The page request queue (7.4, 7.5), and the answers that hardware gives by itself to requests which it does not queue.
 *
 * <p>A request that the tables do not allow is recorded as a fault and answered Invalid Request. One that finds the
 * queue full sets PRO, and as long as that is set none is queued, even if there is room; they are answered Success: the
 * function translates again, fails again and asks again. Only the last request of a group is answered, and no stop
 * marker.
 */
final class PageRequestQueue {
    private enum Fate {
        QUEUED,
        LOST,
        NO_MEMORY
    }

    private final Features features;
    private final InFlightSections sections;
    private final Translator translator;
    private final FaultRecords faults;
    private final EventMessage event;
    private final DeviceLink devices;
    private final PhysicalMemory memory;

    /** Guards the registers. Nothing else is locked under it. */
    private final Object lock = new Object();

    // Registers: written under the lock, read by anyone. The tail is volatile and moves after the request was written,
    // so that software sees no tail ahead of what it covers.
    private volatile long base;
    private volatile long head;
    private volatile long tail;
    private volatile long status;

    PageRequestQueue(
            Features features,
            InFlightSections sections,
            Translator translator,
            FaultRecords faults,
            EventMessage event,
            DeviceLink devices,
            PhysicalMemory memory) {
        this.features = features;
        this.sections = sections;
        this.translator = translator;
        this.faults = faults;
        this.event = event;
        this.devices = devices;
        this.memory = memory;
    }

    /** Defines the registers, which are reserved without PRS. */
    void defineRegisters(RegisterFile registers) {
        if (!features.pageRequests) {
            return;
        }
        registers.define(PQA, () -> base, value -> {
            synchronized (lock) {
                base = PQA.afterWrite(base, value);
            }
        });
        registers.define(PQH, () -> head, value -> {
            synchronized (lock) {
                head = PQH.afterWrite(head, value);
            }
        });
        // Software sets the tail to 0 before it lets functions ask; later writes are its own fault.
        registers.define(PQT, () -> tail, value -> {
            synchronized (lock) {
                tail = PQT.afterWrite(tail, value);
            }
        });
        registers.define(PRS, () -> status, this::writeStatus);
    }

    private void writeStatus(long value) {
        boolean clear;
        synchronized (lock) {
            status = PRS.afterWrite(status, value);
            clear = status == 0;
        }
        if (clear) {
            event.withdraw();
        }
    }

    /**
     * Takes a page request. All of it happens in a section, the answer included: a wait descriptor that drains page
     * requests completes after what arrived before.
     */
    void request(PageRequest request) {
        int section = sections.enter();
        try {
            take(request);
        } finally {
            sections.exit(section);
        }
    }

    private void take(PageRequest request) {
        long fault = translator.admitPageRequest(request.requester(), request.pasid(), request.address());
        if (Fault.is(fault)) {
            int bits = request.privileged() && request.pasid() != Pasid.NONE
                    ? Request.PAGE_REQUEST | Request.PRIVILEGED
                    : Request.PAGE_REQUEST;
            faults.record(fault, request.requester(), request.pasid(), request.address(), bits);
            answer(request, ResponseCode.INVALID);
            return;
        }
        boolean first;
        Fate fate;
        synchronized (lock) {
            first = status == 0;
            fate = write(request);
        }
        switch (fate) {
            case QUEUED -> raiseIf(first);
            case LOST -> {
                raiseIf(first);
                answer(request, ResponseCode.SUCCESS);
            }
            // The manual does not say what a queue in no memory does; such a request is not allowed to be made.
            case NO_MEMORY -> answer(request, ResponseCode.INVALID);
        }
    }

    private Fate write(PageRequest request) {
        if (PRO.isSet(status)) {
            return Fate.LOST;
        }
        if (PageRequestQueueRegisters.isFull(head, tail, base)) {
            status = PRO.put(status, true);
            return Fate.LOST;
        }
        long at = PageRequestQueueRegisters.requestAddress(base, tail);
        try {
            memory.store(at, word0(request));
            memory.store(at + Long.BYTES, word1(request));
            for (int word = 2; word < PageRequestDescriptor.LAYOUT.words(); word++) {
                memory.store(at + (long) word * Long.BYTES, 0);
            }
        } catch (MemoryAbortException e) {
            return Fate.NO_MEMORY;
        }
        tail = PageRequestQueueRegisters.next(tail, base);
        status = PPR.put(status, true);
        return Fate.QUEUED;
    }

    private void raiseIf(boolean first) {
        if (first) {
            event.raise();
        }
    }

    /** Answers in software's place, if the request is one that is answered. */
    private void answer(PageRequest request, ResponseCode code) {
        if (request.last() && !request.isStopMarker()) {
            devices.pageGroupResponse(request.requester(), request.pasid(), request.group(), code);
        }
    }

    private static long word0(PageRequest request) {
        boolean tagged = request.pasid() != Pasid.NONE;
        long word = PageRequestDescriptor.word0(
                Integer.toUnsignedLong(request.requester()), tagged, tagged ? request.pasid() : 0);
        word = EXR.put(word, tagged && request.read() && request.execute());
        return PMR.put(word, tagged && request.privileged());
    }

    private static long word1(PageRequest request) {
        return PageRequestDescriptor.word1(
                PageRequestDescriptor.ADDR.getAddress(request.address()),
                request.group(),
                request.read(),
                request.write(),
                request.last());
    }
}
