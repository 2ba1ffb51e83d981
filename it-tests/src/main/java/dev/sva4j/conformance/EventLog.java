package dev.sva4j.conformance;

import dev.sva4j.api.Access;
import dev.sva4j.api.BondState;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaListener;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Remembers what a system reports. */
final class EventLog implements SvaListener {
    private final int requester;
    private final Collection<FaultRecord> reported = new ConcurrentLinkedQueue<>();
    private final Collection<Integer> pageRequests = new ConcurrentLinkedQueue<>();
    private final Collection<String> pageResponses = new ConcurrentLinkedQueue<>();
    private final Collection<SvaBond> callbacks = new ConcurrentLinkedQueue<>();
    private final Collection<Throwable> failedCallbacks = new ConcurrentLinkedQueue<>();
    private final Collection<BondState> states = new ConcurrentLinkedQueue<>();
    private final Collection<Integer> freed = new ConcurrentLinkedQueue<>();

    EventLog(int requester) {
        this.requester = requester;
    }

    /** Reports that name the device under test and this PASID. */
    long reportsOf(int pasid) {
        return reported.stream()
                .filter(fault -> fault.requester() == requester && fault.pasid() == pasid)
                .count();
    }

    /** Reports that name this device. */
    long reportsBy(int device) {
        return reported.stream().filter(fault -> fault.requester() == device).count();
    }

    /** All reports. */
    List<FaultRecord> reports() {
        return List.copyOf(reported);
    }

    /** Recoverable faults of this PASID that software has seen, in whatever way they came. */
    long pageRequestsOf(int pasid) {
        return pageRequests.stream().filter(each -> each == pasid).count();
    }

    /** Codes of all answers to groups. */
    List<String> pageResponses() {
        return List.copyOf(pageResponses);
    }

    /** Callbacks that have started for {@code bond}. */
    long callbacksOf(SvaBond bond) {
        return callbacks.stream().filter(each -> each == bond).count();
    }

    /** What escaped from callbacks. */
    List<Throwable> failedCallbacks() {
        return List.copyOf(failedCallbacks);
    }

    /** The states that bonds have entered. */
    List<BondState> states() {
        return List.copyOf(states);
    }

    /** PASIDs that have been returned. */
    List<Integer> freedPasids() {
        return List.copyOf(freed);
    }

    @Override
    public void faultReported(FaultRecord fault) {
        reported.add(fault);
    }

    @Override
    public void pageRequested(
            String device, int pasid, long address, Access access, int group, boolean last, String kind) {
        pageRequests.add(pasid);
    }

    @Override
    public void pageResponded(String device, int pasid, int group, String code) {
        pageResponses.add(code);
    }

    @Override
    public void bondChanged(SvaBond bond, BondState from, BondState to) {
        states.add(to);
    }

    @Override
    public void mmExitStarted(SvaBond bond) {
        callbacks.add(bond);
    }

    @Override
    public void mmExitFailed(SvaBond bond, Throwable failure) {
        failedCallbacks.add(failure);
    }

    @Override
    public void pasidFreed(int pasid) {
        freed.add(pasid);
    }
}
