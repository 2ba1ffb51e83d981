package dev.sva4j.core.bond;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.fault.FaultTarget;
import dev.sva4j.core.mm.ProcessMm;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Scheduler;
import org.jspecify.annotations.Nullable;

/** A bond. Its life is in the hands of {@link MmBonds}; this holds what belongs to it. */
final class Bond extends FaultTarget implements SvaBond, UntaggedHolder {
    private final MmBonds owner;
    private final BoundDevice device;
    private final BondEntry entry;
    private final @Nullable Object drvdata;
    private final Scheduler.WaitQueue over;

    // Binds that are not undone. Guarded by the entry mutex of the address space; at 0 the bond belongs to whoever took
    // it there.
    int count = 1;

    // Why the hardware may not have seen the entry, if bind was told so. Written and read by the thread that binds.
    @Nullable
    SvaException unconfirmed;

    // Written under the entry mutex; read by anyone. Set to QUIESCED before the entry is touched, so that page requests
    // which arrive meanwhile
    // are refused rather than started.
    private volatile BondState state = BondState.BOUND;

    Bond(MmBonds owner, BoundDevice device, BondEntry entry, @Nullable Object drvdata, Scheduler scheduler) {
        super(device.spec().name() + " " + entry, scheduler);
        this.owner = owner;
        this.device = device;
        this.entry = entry;
        this.drvdata = drvdata;
        this.over = scheduler.newWaitQueue("end of bond of " + device.spec().name());
    }

    @Override
    public int pasid() {
        return entry.pasid();
    }

    boolean isUntagged() {
        return entry.pasid() == Pasid.NONE;
    }

    @Override
    public BondState state() {
        return state;
    }

    /** Changes the state, under the entry mutex; listeners are told by the caller. */
    void enter(BondState next) {
        state = next;
        if (next == BondState.NONE) {
            over.wakeAll();
        }
    }

    /** Ends it however often it was bound, and returns when it is over, whoever ended it. */
    void release() {
        owner.release(this);
        awaitOver();
    }

    /** Waits until the bond is over. */
    void awaitOver() {
        over.await(() -> state == BondState.NONE, Scheduler.NEVER);
    }

    /** Where the IOMMU looks for it. */
    BondEntry entry() {
        return entry;
    }

    BoundDevice boundDevice() {
        return device;
    }

    @Override
    public SvaDevice device() {
        return device;
    }

    @Override
    public AddressSpace addressSpace() {
        return owner.mm();
    }

    @Override
    protected ProcessMm mm() {
        return owner.mm();
    }

    @Override
    public @Nullable Object drvdata() {
        return drvdata;
    }

    @Override
    public void unbind() {
        owner.unbind(this);
    }

    @Override
    public String toString() {
        return "bond of " + device.spec().name() + " and " + mm().name() + " (" + entry + ", " + state + ")";
    }
}
