package dev.sva4j.core.unit;

import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import java.util.EnumSet;
import java.util.Set;

/** Passes everything on. */
final class DirectDevicePort implements DevicePort {
    private final IommuHardware hardware;
    private final Set<TransactionKind> carried = EnumSet.noneOf(TransactionKind.class);

    DirectDevicePort(IommuHardware hardware) {
        this.hardware = hardware;
        carried.addAll(hardware.carries());
    }

    @Override
    public boolean carries(TransactionKind kind) {
        return carried.contains(kind);
    }

    @Override
    public void submit(Transaction transaction) {
        hardware.submit(transaction);
    }

    @Override
    public void pageRequest(PageRequest request) {
        hardware.pageRequest(request);
    }

    @Override
    public void atcInvalidationComplete(int requester, int tag) {
        hardware.atcInvalidationComplete(requester, tag);
    }
}
