package dev.sva4j.conformance;

import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.SvaListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What software has been told of the faults of a storm, beside those that were made on purpose. */
final class FaultLedger implements SvaListener {
    /** A fault that is expected to be heard of, by what is unique of it. */
    record Live(int pasid, long address) {}

    /** One that has been made. {@code lossesBefore} is how many losses had been told of when it began. */
    record Made(Live fault, long lossesBefore) {}

    // Any thread adds; whether a fault was heard of is asked when nothing adds any more.
    private final Set<Live> heardOf = ConcurrentHashMap.newKeySet();
    private final List<Made> made = new ArrayList<>();

    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();
    private final AtomicLong reportedOfSilent = new AtomicLong();

    // Set before the storm begins.
    private volatile int silentPasid;

    /** The PASID that nothing is to be reported of, and of which nobody remembers what was dropped. */
    void silence(int pasid) {
        silentPasid = pasid;
    }

    /** A fault begins now. One thread at a time. */
    void begin(int pasid, long address) {
        made.add(new Made(new Live(pasid, address), losses.get()));
    }

    /**
     * Ends a round: everything that was in the log has been delivered. What was neither heard of nor covered by the report of
     * a loss between its beginning and now has been missed.
     */
    List<Live> takeMissed() {
        List<Live> missed = missed();
        made.clear();
        return missed;
    }

    /** What has been missed so far, while no fault begins. */
    List<Live> missed() {
        return made.stream()
                .filter(each -> !heardOf.contains(each.fault) && losses.get() == each.lossesBefore)
                .map(Made::fault)
                .toList();
    }

    /** How many different faults that were not of the silent PASID have been heard of. */
    int heardOf() {
        return heardOf.size();
    }

    /** How many records have been handed on. */
    long delivered() {
        return delivered.get();
    }

    /** How often events may have been lost. */
    long losses() {
        return losses.get();
    }

    /** How many faults of the silent PASID have been reported. */
    long reportedOfSilent() {
        return reportedOfSilent.get();
    }

    @Override
    public void faultReported(FaultRecord fault) {
        if (fault.pasid() == silentPasid) {
            reportedOfSilent.incrementAndGet();
        }
        hear(fault);
    }

    @Override
    public void faultDropped(FaultRecord fault) {
        hear(fault);
    }

    private void hear(FaultRecord fault) {
        if (fault.pasid() != silentPasid) {
            heardOf.add(new Live(fault.pasid(), fault.address()));
        }
        delivered.incrementAndGet();
    }

    @Override
    public void faultsLost(String unit) {
        losses.incrementAndGet();
    }
}
