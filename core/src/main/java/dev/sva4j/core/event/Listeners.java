package dev.sva4j.core.event;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaListener;
import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.ResponseCode;
import java.util.List;
import java.util.function.Consumer;

/** Tells every listener, keeping what one of them throws from the others and from whatever is going on. */
public final class Listeners {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

    private final List<SvaListener> listeners;

    public Listeners(List<SvaListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    private void tell(Consumer<SvaListener> news) {
        if (listeners.isEmpty()) {
            return;
        }
        AuditedLock.requireNoneHeld("telling listeners");
        for (SvaListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "listener " + listener.getClass().getName() + " failed",
                        e);
            }
        }
    }

    public void faultReported(FaultRecord fault) {
        tell(listener -> listener.faultReported(fault));
    }

    public void faultDropped(FaultRecord fault) {
        tell(listener -> listener.faultDropped(fault));
    }

    public void faultsLost(String unit) {
        tell(listener -> listener.faultsLost(unit));
    }

    public void pageRequested(String device, PageRequest request) {
        tell(listener -> listener.pageRequested(
                device,
                request.pasid(),
                request.address(),
                request.neededAccess(),
                request.group(),
                request.last(),
                request.kind().name()));
    }

    public void pageResponded(String device, PageRequest last, ResponseCode code) {
        tell(listener -> listener.pageResponded(device, last.pasid(), last.group(), code.name()));
    }

    public void bondChanged(SvaBond bond, BondState from, BondState to) {
        tell(listener -> listener.bondChanged(bond, from, to));
    }

    public void invalidated(AddressSpace mm, long start, long last) {
        tell(listener -> listener.invalidated(mm, start, last));
    }

    public void exitStarted(AddressSpace mm) {
        tell(listener -> listener.exitStarted(mm));
    }

    public void reclaimed(AddressSpace mm) {
        tell(listener -> listener.reclaimed(mm));
    }

    public void mmExitStarted(SvaBond bond) {
        tell(listener -> listener.mmExitStarted(bond));
    }

    public void mmExitReturned(SvaBond bond) {
        tell(listener -> listener.mmExitReturned(bond));
    }

    public void mmExitFailed(SvaBond bond, Throwable failure) {
        tell(listener -> listener.mmExitFailed(bond, failure));
    }

    public void pasidFreed(int pasid) {
        tell(listener -> listener.pasidFreed(pasid));
    }

    public void deviceFenced(String device, String reason) {
        tell(listener -> listener.deviceFenced(device, reason));
    }
}
