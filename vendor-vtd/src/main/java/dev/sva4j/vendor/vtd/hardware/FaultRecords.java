package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.FaultStatus.FRI;
import static dev.sva4j.vendor.vtd.layout.FaultStatus.FSTS;
import static dev.sva4j.vendor.vtd.layout.FaultStatus.ICE;
import static dev.sva4j.vendor.vtd.layout.FaultStatus.IQE;
import static dev.sva4j.vendor.vtd.layout.FaultStatus.ITE;
import static dev.sva4j.vendor.vtd.layout.FaultStatus.PFO;
import static dev.sva4j.vendor.vtd.layout.FaultStatus.PPF;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.FaultRecord;
import dev.sva4j.vendor.vtd.layout.HostAddress;
import dev.sva4j.vendor.vtd.layout.InvalidationQueue;

/**
 * FSTS, the fault recording registers and IQERCD: faults of requests, and errors of the invalidation queue (7.2, 7.3).
 *
 * <p>A fault that finds the next record still in use is lost and sets PFO; until software clears that, every fault is.
 * Faults of the same requester are not compressed. An event is raised by the first thing that goes wrong after software
 * has cleared everything.
 */
final class FaultRecords {
    private final Features features;
    private final EventMessage event;

    // All guarded by the lock of this; nothing else is locked under it, and events are raised outside of it.
    private final long[] page;
    private final long[] record;

    /** Index of the next record. */
    private int next;

    /** PFO, IQE, ICE, ITE and FRI; PPF is made up from the records. */
    private long status;

    private long queueError;

    FaultRecords(Features features, EventMessage event) {
        this.features = features;
        this.event = event;
        int records = CapabilityRegister.faultRecords(features.registers.cap());
        this.page = new long[records];
        this.record = new long[records];
    }

    /** Defines the registers; {@code onQueueErrorCleared} runs after IQE or ITE was cleared. */
    void defineRegisters(RegisterFile registers, Runnable onQueueErrorCleared) {
        registers.define(FSTS, this::status, value -> clearStatus(value, onQueueErrorCleared));
        registers.define(InvalidationQueue.IQERCD, this::queueError);
        for (int i = 0; i < record.length; i++) {
            int index = i;
            long offset = CapabilityRegister.faultRecordOffset(features.registers.cap(), index);
            registers.define(offset, Long.SIZE, () -> word(page, index), value -> {});
            // As dwords: a write to one half of a register does not touch F in the other.
            registers.define(
                    offset + Long.BYTES, Integer.SIZE, () -> FaultRecord.firstDword(word(record, index)), value -> {});
            registers.define(
                    offset + FaultRecord.LAST_DWORD,
                    Integer.SIZE,
                    () -> FaultRecord.lastDword(word(record, index)),
                    value -> free(index, value));
        }
    }

    private synchronized long word(long[] words, int index) {
        return words[index];
    }

    private synchronized long queueError() {
        return queueError;
    }

    private synchronized long status() {
        return PPF.put(status, isPending());
    }

    private boolean isPending() {
        for (long word : record) {
            if (FaultRecord.F.isSet(word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing is wrong: what comes next raises an event. */
    private boolean isClear() {
        return FRI.clear(status) == 0 && !isPending();
    }

    private void free(int index, long written) {
        synchronized (this) {
            if ((written & FaultRecord.F_IN_LAST_DWORD) != 0) {
                record[index] = FaultRecord.F.clear(record[index]);
            }
        }
        withdrawIfClear();
    }

    private void clearStatus(long written, Runnable onQueueErrorCleared) {
        boolean wasStopped;
        synchronized (this) {
            wasStopped = stopsQueue();
            status = FSTS.afterWrite(status, written);
        }
        withdrawIfClear();
        if (wasStopped && !isQueueStopped()) {
            onQueueErrorCleared.run();
        }
    }

    private void withdrawIfClear() {
        boolean clear;
        synchronized (this) {
            clear = isClear();
        }
        if (clear) {
            event.withdraw();
        }
    }

    private boolean stopsQueue() {
        return IQE.isSet(status) || ITE.isSet(status);
    }

    /** Whether an error keeps descriptors from being fetched. */
    synchronized boolean isQueueStopped() {
        return stopsQueue();
    }

    /** Sets IQE for this reason. */
    void queueError(int iqei) {
        synchronized (this) {
            queueError = InvalidationQueue.IQEI.put(queueError, iqei);
        }
        raise(IQE);
    }

    /** Sets ITE: a function did not answer in time. */
    void invalidationTimedOut(int sid) {
        synchronized (this) {
            queueError = InvalidationQueue.ITESID.put(queueError, sid);
        }
        raise(ITE);
    }

    /** Sets ICE: a function answered what nobody asked. */
    void unexpectedCompletion(int sid) {
        synchronized (this) {
            queueError = InvalidationQueue.ICESID.put(queueError, sid);
        }
        raise(ICE);
    }

    private void raise(BitField error) {
        boolean first;
        synchronized (this) {
            first = isClear();
            status = error.put(status, true);
        }
        if (first) {
            event.raise();
        }
    }

    /** Records the fault of a request, unless FPD hides it. */
    void record(long fault, int sid, int pasid, long address, int request) {
        if (!Fault.isRecorded(fault)) {
            return;
        }
        boolean first;
        synchronized (this) {
            if (PFO.isSet(status)) {
                return;
            }
            if (FaultRecord.F.isSet(record[next])) {
                status = PFO.put(status, true);
                return;
            }
            first = isClear();
            if (!isPending()) {
                status = FRI.put(status, next);
            }
            page[next] = FaultRecord.word0(HostAddress.truncate(address, features.faultAddressBits));
            record[next] = encode(Fault.code(fault), sid, pasid, request);
            next = (next + 1) % record.length;
        }
        if (first) {
            event.raise();
        }
    }

    private static long encode(int code, int sid, int pasid, int request) {
        long requester = Integer.toUnsignedLong(sid);
        if (pasid == Pasid.NONE) {
            return FaultRecord.word1(code, requester, RequestFields.type(request), RequestFields.addressType(request));
        }
        boolean privileged = Request.has(request, Request.PRIVILEGED);
        long word = FaultRecord.word1(
                code, requester, RequestFields.type(request), RequestFields.addressType(request), pasid, privileged);
        return FaultRecord.EXE.put(word, Request.has(request, Request.EXECUTE));
    }

    /** Translation is off: recording starts with the first register again (7.2). */
    synchronized void restart() {
        next = 0;
    }
}
