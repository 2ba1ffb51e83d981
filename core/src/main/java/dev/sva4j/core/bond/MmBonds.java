package dev.sva4j.core.bond;

import dev.sva4j.api.BondState;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.mm.MmuNotifier;
import dev.sva4j.core.mm.ProcessMm;
import dev.sva4j.core.unit.IommuUnit;
import dev.sva4j.spi.Pasid;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The bonds of one address space, and the order of every step of their life.
 *
 * <p>bind: notifier registered → context open → bond can be found → entry written. unbind: entry empty, configuration
 * cache, IOTLB and ATC (all in {@link BondEntry#clear}) → hardware queue drained → fault work drained → bond cannot be found
 * → context closed → reference given back. exit: state quiesced → entry quiesced, caches. (sva-lifecycle: bind and
 * unbind ordering of mainline, I10–I22.)
 */
public final class MmBonds implements MmuNotifier {
    private static final System.Logger LOG = System.getLogger(MmBonds.class.getName());

    private final ProcessMm mm;
    private final BondServices services;
    private final EntryMutex entries;

    // Changed under the entry mutex; walked without it by invalidations and look-ups. A context is in the list before
    // an entry can refer to it and until none does.
    private final List<Bond> bonds = new CopyOnWriteArrayList<>();
    private final List<UnitContext> contexts = new CopyOnWriteArrayList<>();

    MmBonds(ProcessMm mm, BondServices services) {
        this.mm = mm;
        this.services = services;
        this.entries = new EntryMutex(mm.name(), services.scheduler());
    }

    ProcessMm mm() {
        return mm;
    }

    // bind

    /** Binds to a PASID; the caller holds a users count, so exit cannot run in between. */
    Bond bind(BoundDevice device, @Nullable Object drvdata) {
        return bind(device, drvdata, false);
    }

    /** Binds to untagged traffic; the caller holds a users count, so exit cannot run in between. */
    Bond bindUntagged(BoundDevice device, @Nullable Object drvdata) {
        return bind(device, drvdata, true);
    }

    private Bond bind(BoundDevice device, @Nullable Object drvdata, boolean untagged) {
        while (true) {
            Bond bond;
            boolean fresh = false;
            entries.acquire();
            try {
                Bond existing = find(device, untagged);
                if (existing == null) {
                    bond = untagged ? installUntagged(device, drvdata) : installTagged(device, drvdata);
                    fresh = true;
                } else if (existing.count > 0) {
                    existing.count++;
                    return existing;
                } else {
                    bond = existing;
                }
            } finally {
                entries.release();
            }
            if (fresh) {
                return confirmed(bond);
            }
            // The same pair is being unbound: its entry is not free before that is over.
            bond.awaitOver();
        }
    }

    // An entry that is written, but not confirmed, is taken out the way every entry is: nothing may be left that points
    // to the tables.
    private Bond confirmed(Bond bond) {
        SvaException unconfirmed = bond.unconfirmed;
        if (unconfirmed == null) {
            return bond;
        }
        try {
            end(bond);
        } catch (RuntimeException e) {
            unconfirmed.addSuppressed(e);
        }
        throw unconfirmed;
    }

    private @Nullable Bond find(BoundDevice device, boolean untagged) {
        for (Bond bond : bonds) {
            if (bond.boundDevice() == device && bond.isUntagged() == untagged) {
                return bond;
            }
        }
        return null;
    }

    private Bond installTagged(BoundDevice device, @Nullable Object drvdata) {
        int before = mm.pasid();
        int pasid = before == Pasid.NONE ? services.pasids().allocateForProcess(device.pasids(), mm.name()) : before;
        try {
            if (!device.pasids().contains(pasid)) {
                throw new SvaException(
                        SvaError.RANGE,
                        String.format(
                                "%s has PASID %d, but device %s takes %d..%d; bind the narrower device first",
                                mm.name(),
                                pasid,
                                device.spec().name(),
                                device.pasids().min(),
                                device.pasids().max()));
            }
            mm.setPasid(pasid);
            return publish(new Bond(this, device, device.entry(pasid), drvdata, services.scheduler()));
        } catch (RuntimeException e) {
            if (before == Pasid.NONE) {
                mm.setPasid(Pasid.NONE);
                services.pasids().freeOfProcess(pasid);
            }
            throw e;
        }
    }

    private Bond installUntagged(BoundDevice device, @Nullable Object drvdata) {
        Bond bond = new Bond(this, device, device.untaggedEntry(), drvdata, services.scheduler());
        device.untagged().claim(bond);
        try {
            return publish(bond);
        } catch (RuntimeException e) {
            device.untagged().release(bond);
            throw e;
        }
    }

    private Bond publish(Bond bond) {
        UnitContext context = contextOf(bond.boundDevice().unit());
        try {
            return publish(bond, context);
        } catch (RuntimeException e) {
            closeIfUnused(context);
            throw e;
        }
    }

    private Bond publish(Bond bond, UnitContext context) {
        BoundDevice device = bond.boundDevice();
        context.users++;
        bonds.add(bond);
        device.add(bond);
        try {
            bond.entry().set(context.context, device.stallsOnFault());
        } catch (RuntimeException e) {
            if (e instanceof SvaException timeOut && timeOut.error() == SvaError.TIMED_OUT) {
                // The entry may be visible: nothing of this device may pass until somebody has looked at it.
                device.fence("the IOMMU did not confirm the entry of " + bond.entry());
                bond.count = 0;
                bond.unconfirmed = timeOut;
            } else {
                withdraw(bond, context);
                throw e;
            }
        }
        mm.getReference();
        services.listeners().bondChanged(bond, BondState.NONE, BondState.BOUND);
        return bond;
    }

    // It could be found for a moment, so it has to look like a bond that is over.
    private void withdraw(Bond bond, UnitContext context) {
        bond.count = 0;
        bond.enter(BondState.NONE);
        bond.awaitDrained();
        bond.boundDevice().remove(bond);
        bonds.remove(bond);
        context.users--;
    }

    private UnitContext contextOf(IommuUnit unit) {
        for (UnitContext each : contexts) {
            if (each.unit == unit) {
                return each;
            }
        }
        UnitContext opened =
                new UnitContext(unit, unit.driver().openContext(mm.format(), mm.root()), services.scheduler());
        contexts.add(opened);
        return opened;
    }

    private void closeIfUnused(UnitContext context) {
        if (context.users == 0) {
            contexts.remove(context);
            context.close();
        }
    }

    // unbind

    /** One unbind less; the last one ends the bond. */
    void unbind(Bond bond) {
        entries.acquire();
        try {
            if (bond.count == 0) {
                throw new SvaException(
                        SvaError.STALE, bond + " is over: it was unbound as often as it was bound; drop the object");
            }
            if (--bond.count > 0) {
                return;
            }
        } finally {
            entries.release();
        }
        end(bond);
    }

    /** Ends the bond however often it was bound; does nothing if somebody else does so already. */
    void release(Bond bond) {
        entries.acquire();
        try {
            if (bond.count == 0) {
                return;
            }
            bond.count = 0;
        } finally {
            entries.release();
        }
        end(bond);
    }

    // Runs once per bond: by whoever took the count to zero. Goes to its end whatever the driver half throws, which is
    // thrown on afterwards: a
    // bond that stopped half-way would keep its PASID for ever, and whoever waits for it.
    private void end(Bond bond) {
        BoundDevice device = bond.boundDevice();
        Failures failures = new Failures();
        clear(bond, failures);
        // From here on nothing is held that fault handling or exit need: both may be waited for.
        failures.attempt(
                bond.entry()::drain, () -> device.fence("page requests of " + bond.entry() + " were not drained"));
        bond.awaitDrained();
        device.router().discardPartial(device.requester(), bond.pasid());
        entries.acquire();
        try {
            bonds.remove(bond);
            device.remove(bond);
            UnitContext context = contextOf(device.unit());
            context.users--;
            failures.attempt(
                    () -> closeIfUnused(context),
                    () -> device.fence("the IOMMU did not confirm that " + mm.name() + " was forgotten"));
            bond.enter(BondState.NONE);
        } finally {
            entries.release();
        }
        services.listeners().bondChanged(bond, BondState.DRAINING, BondState.NONE);
        // Last: this may be the last reference, after which the PASID belongs to somebody else (I35).
        mm.putReference();
        failures.throwFirst();
    }

    private void clear(Bond bond, Failures failures) {
        BoundDevice device = bond.boundDevice();
        entries.acquire();
        try {
            BondState from = bond.state();
            bond.enter(BondState.DRAINING);
            failures.attempt(
                    bond.entry()::clear,
                    () -> device.fence("the IOMMU did not confirm that " + bond.entry() + " was cleared"));
            // Told before anybody else can change the state again, so that listeners see the changes in their order.
            services.listeners().bondChanged(bond, from, BondState.DRAINING);
        } finally {
            entries.release();
        }
    }

    // MmuNotifier

    @Override
    public void invalidate(long start, long last, boolean tables) {
        for (UnitContext each : contexts) {
            if (!each.pin()) {
                continue;
            }
            try {
                each.unit.driver().invalidate(each.context, start, last, tables);
            } catch (RuntimeException e) {
                fenceAll(each.unit, "the IOMMU did not confirm an invalidation: " + e.getMessage());
            } finally {
                each.unpin();
            }
        }
        services.listeners().invalidated(mm, start, last);
    }

    private void fenceAll(IommuUnit unit, String reason) {
        for (Bond bond : bonds) {
            if (bond.boundDevice().unit() == unit) {
                bond.boundDevice().fence(reason);
            }
        }
    }

    @Override
    public void beforeRelease() {
        for (Bond bond : bonds) {
            if (bond.boundDevice().exitPolicy() == ExitPolicy.RELEASE_ON_RETURN_INLINE && bond.count > 0) {
                bond.boundDevice().callbacks().runNow(bond);
                endQuietly(bond);
            }
        }
    }

    @Override
    public void release() {
        entries.acquire();
        try {
            for (Bond bond : bonds) {
                if (bond.state() == BondState.BOUND) {
                    quiesce(bond);
                }
            }
        } finally {
            entries.release();
        }
    }

    private void quiesce(Bond bond) {
        BoundDevice device = bond.boundDevice();
        bond.enter(BondState.QUIESCED);
        try {
            bond.entry().quiesce();
        } catch (RuntimeException e) {
            device.fence("the IOMMU did not confirm that " + bond.entry() + " was quiesced: " + e.getMessage());
        }
        services.listeners().bondChanged(bond, BondState.BOUND, BondState.QUIESCED);
    }

    @Override
    public void afterReclaim() {
        for (Bond bond : bonds) {
            if (bond.state() == BondState.QUIESCED
                    && bond.boundDevice().exitPolicy() != ExitPolicy.RELEASE_ON_RETURN_INLINE) {
                boolean releases = bond.boundDevice().exitPolicy() == ExitPolicy.RELEASE_ON_RETURN;
                bond.boundDevice().callbacks().spawn(bond, releases ? () -> endQuietly(bond) : () -> {});
            }
        }
    }

    // On tasks of our own there is no caller to be told that hardware did not confirm; the device has been fenced and
    // listeners know.
    private void endQuietly(Bond bond) {
        try {
            release(bond);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, bond + " was released without confirmation", e);
        }
    }
}
