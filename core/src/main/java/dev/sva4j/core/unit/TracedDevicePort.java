package dev.sva4j.core.unit;

import dev.sva4j.api.TraceEvent;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;

/** Records what devices send before it is sent, and how transactions ended if that was known on return. */
final class TracedDevicePort implements DevicePort {
    private final DevicePort port;
    private final Trace trace;
    private final String unit;

    TracedDevicePort(IommuHardware hardware, Trace trace, String unit) {
        this.port = new DirectDevicePort(hardware);
        this.trace = trace;
        this.unit = unit;
    }

    @Override
    public boolean carries(TransactionKind kind) {
        return port.carries(kind);
    }

    @Override
    public void submit(Transaction transaction) {
        trace.event(
                unit,
                TraceEvent.Kind.TRANSACTION,
                transaction.address(),
                transaction.operand(),
                transaction.length(),
                String.format(
                        "requester 0x%x pasid %d %s %s",
                        transaction.requester(),
                        transaction.pasid(),
                        transaction.addressType(),
                        transaction.operation()));
        port.submit(transaction);
    }

    @Override
    public void pageRequest(PageRequest request) {
        trace.event(
                unit,
                TraceEvent.Kind.PAGE_REQUEST,
                request.address(),
                request.group(),
                0,
                String.format(
                        "requester 0x%x pasid %d%s%s%s%s",
                        request.requester(),
                        request.pasid(),
                        request.read() ? " r" : "",
                        request.write() ? " w" : "",
                        request.execute() ? " x" : "",
                        request.last() ? " last" : ""));
        port.pageRequest(request);
    }

    @Override
    public void atcInvalidationComplete(int requester, int tag) {
        trace.event(unit, TraceEvent.Kind.ATC_INVALIDATE_DONE, 0, tag, 0, String.format("requester 0x%x", requester));
        port.atcInvalidationComplete(requester, tag);
    }
}
