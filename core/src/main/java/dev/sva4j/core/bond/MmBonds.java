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
 * cache, IOTLB and ATC (all in {@code clearPasid}) → hardware queue drained → fault work drained → bond cannot be found
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

    /** Binds; the caller holds a users count, so exit cannot run in between. */
    Bond bind(BoundDevice device, @Nullable Object drvdata) {
        while (true) {
            Bond ending;
            entries.acquire();
            try {
                Bond existing = find(device);
                if (existing == null) {
                    return install(device, drvdata);
                }
                if (existing.count > 0) {
                    existing.count++;
                    return existing;
                }
                ending = existing;
            } finally {
                entries.release();
            }
            // The same pair is being unbound: its entry is not free before that is over.
            ending.awaitOver();
        }
    }

    private @Nullable Bond find(BoundDevice device) {
        for (Bond bond : bonds) {
            if (bond.boundDevice() == device) {
                return bond;
            }
        }
        return null;
    }

    private Bond install(BoundDevice device, @Nullable Object drvdata) {
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
            UnitContext context = contextOf(device.unit());
            try {
                return publish(device, pasid, drvdata, context);
            } catch (RuntimeException e) {
                closeIfUnused(context);
                throw e;
            }
        } catch (RuntimeException e) {
            if (before == Pasid.NONE) {
                mm.setPasid(Pasid.NONE);
                services.pasids().freeOfProcess(pasid);
            }
            throw e;
        }
    }

    private Bond publish(BoundDevice device, int pasid, @Nullable Object drvdata, UnitContext context) {
        Bond bond = new Bond(this, device, pasid, drvdata, services.scheduler());
        mm.setPasid(pasid);
        context.bonds++;
        bonds.add(bond);
        device.add(bond);
        try {
            device.unit().driver().setPasid(device.requester(), pasid, context.context, device.stallsOnFault());
        } catch (RuntimeException e) {
            if (e instanceof SvaException refusal && refusal.error() == SvaError.TIMED_OUT) {
                // The entry may be visible: nothing of this device may pass until somebody has looked at it.
                device.fence("the IOMMU did not confirm the entry of PASID " + pasid);
            }
            bond.enter(BondState.NONE);
            bond.awaitDrained();
            device.remove(bond);
            bonds.remove(bond);
            context.bonds--;
            throw e;
        }
        mm.getReference();
        services.listeners().bondChanged(bond, BondState.NONE, BondState.BOUND);
        return bond;
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
        if (context.bonds == 0) {
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

    // Runs once per bond: by whoever took the count to zero.
    private void end(Bond bond) {
        BoundDevice device = bond.boundDevice();
        SvaException unconfirmed = clear(bond);
        // From here on nothing is held that fault handling or exit need: both may be waited for.
        device.unit().driver().drain(device.requester(), bond.pasid());
        bond.awaitDrained();
        device.router().discardPartial(device.requester(), bond.pasid());
        entries.acquire();
        try {
            bonds.remove(bond);
            device.remove(bond);
            UnitContext context = contextOf(device.unit());
            context.bonds--;
            closeIfUnused(context);
            bond.enter(BondState.NONE);
        } finally {
            entries.release();
        }
        services.listeners().bondChanged(bond, BondState.DRAINING, BondState.NONE);
        // Last: this may be the last reference, after which the PASID belongs to somebody else (I35).
        mm.putReference();
        if (unconfirmed != null) {
            throw unconfirmed;
        }
    }

    private @Nullable SvaException clear(Bond bond) {
        BoundDevice device = bond.boundDevice();
        BondState from;
        SvaException unconfirmed = null;
        entries.acquire();
        try {
            from = bond.state();
            bond.enter(BondState.DRAINING);
            try {
                device.unit().driver().clearPasid(device.requester(), bond.pasid());
            } catch (SvaException e) {
                unconfirmed = e;
                device.fence("the IOMMU did not confirm that PASID " + bond.pasid() + " was cleared");
            }
        } finally {
            entries.release();
        }
        services.listeners().bondChanged(bond, from, BondState.DRAINING);
        return unconfirmed;
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
            } catch (SvaException e) {
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
        for (Bond bond : bonds) {
            if (bond.state() == BondState.QUIESCED) {
                services.listeners().bondChanged(bond, BondState.BOUND, BondState.QUIESCED);
            }
        }
    }

    private void quiesce(Bond bond) {
        BoundDevice device = bond.boundDevice();
        bond.enter(BondState.QUIESCED);
        try {
            device.unit().driver().quiescePasid(device.requester(), bond.pasid());
        } catch (SvaException e) {
            device.fence("the IOMMU did not confirm that PASID " + bond.pasid() + " was quiesced: " + e.getMessage());
        }
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
        } catch (SvaException e) {
            LOG.log(System.Logger.Level.WARNING, bond + " was released without confirmation", e);
        }
    }
}
