package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_PRIQS;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERROR_PRIQ_ABT_ERR;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.LAST;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.PAGE_ADDR;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.PRG_INDEX;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.PRIV;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.R;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.SSV;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.STREAMID;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.SUBSTREAMID;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.W;
import static dev.sva4j.vendor.smmu.layout.PriQueueEntry.X;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.PRIQ_BASE;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.PRIQ_CONS;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.PRIQ_PROD;

import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.vendor.smmu.layout.QueuePointer;

/**
 * The PRI queue (§8): page requests of functions, and the answers that hardware gives by itself to those which it
 * cannot pass on.
 *
 * <p>A full queue overflows; until software acknowledges, nothing is written even if there is room. A group whose last
 * request is lost so is answered Success: the function translates again, fails again and asks again. While the queue is
 * disabled or in error the answer is Response Failure. Requests that do not close a group, and Stop PASID markers, are
 * dropped without an answer.
 */
final class PriQueue {
    private enum Fate {
        WRITTEN,
        ABORTED,
        LOST,
        REFUSED
    }

    private final Control control;
    private final Translator translator;
    private final GlobalErrors errors;
    private final Interrupts interrupts;
    private final DeviceLink devices;
    private final Features features;

    /** Guards the queue. Nothing else is locked under it. */
    private final Object lock = new Object();

    private final OutputQueue queue;

    PriQueue(
            Control control,
            Translator translator,
            GlobalErrors errors,
            Interrupts interrupts,
            DeviceLink devices,
            PhysicalMemory memory,
            Features features) {
        this.control = control;
        this.translator = translator;
        this.errors = errors;
        this.interrupts = interrupts;
        this.devices = devices;
        this.features = features;
        this.queue = new OutputQueue(memory, QueuePointer.LOG2_COMMAND_BYTES, IDR1_PRIQS.get(features.ids.idr1()));
    }

    /** Defines the registers, which are RES0 without PRI. */
    void defineRegisters(RegisterFile registers) {
        if (!features.pri) {
            return;
        }
        registers.define(PRIQ_BASE, queue::base, value -> {
            synchronized (lock) {
                if (!control.isPriQueueEnabled()) {
                    queue.writeBase(PRIQ_BASE, value);
                }
            }
        });
        registers.define(PRIQ_PROD, queue::prod, value -> {
            synchronized (lock) {
                if (!control.isPriQueueEnabled()) {
                    queue.writeProd(PRIQ_PROD, value);
                }
            }
        });
        registers.define(PRIQ_CONS, queue::cons, value -> {
            synchronized (lock) {
                queue.writeCons(PRIQ_CONS, value);
            }
        });
    }

    /** Takes a page request. */
    void request(PageRequest request) {
        Settings settings = control.settings();
        boolean interrupt = false;
        Fate fate;
        synchronized (lock) {
            if (!settings.enabled() || !control.isPriQueueEnabled() || errors.isActive(GERROR_PRIQ_ABT_ERR)) {
                fate = Fate.REFUSED;
            } else if (queue.isOverflowActive() || queue.isFull()) {
                queue.raiseOverflow();
                fate = Fate.LOST;
            } else {
                OutputQueue.Written written = queue.write(encode(request));
                fate = written == OutputQueue.Written.ABORTED ? Fate.ABORTED : Fate.WRITTEN;
                interrupt = interrupts.onLastPageRequest() ? request.last() : written == OutputQueue.Written.FIRST;
            }
        }
        switch (fate) {
            case WRITTEN -> {
                if (interrupt) {
                    interrupts.raise(Interrupts.Source.PRIQ);
                }
            }
            case ABORTED -> {
                errors.activate(GERROR_PRIQ_ABT_ERR);
                answer(request, Pasid.NONE, ResponseCode.FAILURE);
            }
            case LOST -> answerLost(settings, request);
            case REFUSED -> answer(request, Pasid.NONE, ResponseCode.FAILURE);
        }
    }

    private void answerLost(Settings settings, PageRequest request) {
        StreamConfig stream = translator.stream(settings, request.requester());
        if (stream.kind == StreamConfig.Kind.FAULTY) {
            answer(request, Pasid.NONE, ResponseCode.FAILURE);
        } else {
            boolean withPasid = features.autoResponsePasid || stream.ppar;
            answer(request, withPasid ? request.pasid() : Pasid.NONE, ResponseCode.SUCCESS);
        }
    }

    /** Answers in software's place, if the request is one that is answered. */
    private void answer(PageRequest request, int pasid, ResponseCode code) {
        if (request.last() && !request.isStopMarker()) {
            devices.pageGroupResponse(request.requester(), pasid, request.group(), code);
        }
    }

    private static long[] encode(PageRequest request) {
        boolean tagged = request.pasid() != Pasid.NONE;
        long word0 = STREAMID.encode(Integer.toUnsignedLong(request.requester()))
                | SUBSTREAMID.encode(tagged ? request.pasid() : 0)
                | PRIV.encode(tagged && request.privileged())
                | X.encode(tagged && request.execute())
                | R.encode(request.read())
                | W.encode(request.write())
                | LAST.encode(request.last())
                | SSV.encode(tagged);
        long word1 = PRG_INDEX.encode(request.group()) | PAGE_ADDR.getAddress(request.address());
        return new long[] {word0, word1};
    }
}
