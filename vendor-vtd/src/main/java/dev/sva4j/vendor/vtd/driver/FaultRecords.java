package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.driver.QueueConsumer;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.vtd.layout.FaultRecord;
import dev.sva4j.vendor.vtd.layout.FaultStatus;

/**
 * The fault recording registers (VT-d 7.2, 11.4; {@code dmar_fault}). Hardware fills them in turn, beginning with FSTS.FRI;
 * a pass takes each of them once at most.
 */
final class FaultRecords extends QueueConsumer {
    private final Unit unit;
    private final FaultSink faults;
    private final Features features;

    FaultRecords(Unit unit, FaultSink faults, Features features) {
        super(unit, "fault records");
        this.unit = unit;
        this.faults = faults;
        this.features = features;
    }

    /** Forgets what happened before this driver, errors of the queues included. */
    void discard() {
        for (int index = 0; index < features.faultRecords(); index++) {
            release(features.faultRecordOffset(index));
        }
        unit.write(
                FaultStatus.FSTS,
                FaultStatus.PFO.encode(true)
                        | FaultStatus.IQE.encode(true)
                        | FaultStatus.ICE.encode(true)
                        | FaultStatus.ITE.encode(true));
    }

    @Override
    protected long pass() {
        long fsts = unit.read(FaultStatus.FSTS);
        long taken = FaultStatus.PPF.isSet(fsts) ? take((int) FaultStatus.FRI.get(fsts)) : 0;
        // Not before the records are free: it is what keeps hardware from recording more.
        if (FaultStatus.PFO.isSet(unit.read(FaultStatus.FSTS))) {
            unit.write(FaultStatus.FSTS, FaultStatus.PFO.encode(true));
            // Not before: what comes while it is set is lost as well.
            faults.eventsLost();
        }
        return taken;
    }

    @Override
    protected boolean isMoreLeft() {
        long fsts = unit.read(FaultStatus.FSTS);
        return FaultStatus.PPF.isSet(fsts) || FaultStatus.PFO.isSet(fsts);
    }

    private int take(int first) {
        for (int taken = 0; taken < features.faultRecords(); taken++) {
            long offset = features.faultRecordOffset((first + taken) % features.faultRecords());
            // F comes last when hardware writes, so this word comes first.
            long word1 = unit.read64(offset + Long.BYTES);
            if (!FaultRecord.F.isSet(word1)) {
                return taken;
            }
            long word0 = unit.read64(offset);
            release(offset);
            faults.unrecoverable(FaultDecoder.fault(unit.name(), word0, word1));
        }
        return features.faultRecords();
    }

    private void release(long offset) {
        unit.write32(offset + FaultRecord.LAST_DWORD, FaultRecord.F_IN_LAST_DWORD);
    }
}
