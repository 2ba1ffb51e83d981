package dev.sva4j.steptest;

import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.SvaException;
import dev.sva4j.steptest.model.DeviceKind;
import dev.sva4j.steptest.model.Observation;
import dev.sva4j.steptest.model.Op;
import dev.sva4j.steptest.model.Outcome;
import dev.sva4j.steptest.model.Target;

/** Carries out DMA. */
final class DmaCaller {
    /** An asynchronous operation ends long before that, by the virtual clock. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final Machine machine;

    DmaCaller(Machine machine) {
        this.machine = machine;
    }

    Observation call(int lane, Op op, Target target) {
        DeviceKind kind = machine.stations.get(target.device()).kind;
        int pasid = switch (op.kind()) {
            case DMA_UNTAGGED -> DmaPort.NO_PASID;
            case DMA_BEYOND_WIDTH -> kind.maxPasid() + 1;
            default -> machine.pasidFor(target.process(), kind);
        };
        try {
            return call(machine.port(lane, target.device()), op, pasid).withNumber(pasid);
        } catch (SvaException e) {
            return Caller.refusal(e).withNumber(pasid);
        }
    }

    private static Observation call(DmaPort port, Op op, int pasid) {
        return switch (op.kind()) {
            case DMA_READ, DMA_UNTAGGED, DMA_BEYOND_WIDTH -> {
                byte[] data = new byte[op.length()];
                DmaStatus status = isAsynchronous(op)
                        ? port.readAsync(pasid, op.address(), data, 0, data.length)
                                .await(PATIENCE_NANOS)
                        : port.read(pasid, op.address(), data, 0, data.length);
                yield status == DmaStatus.OK ? of(status).withData(data) : of(status);
            }
            case DMA_WRITE ->
                of(
                        isAsynchronous(op)
                                ? port.writeAsync(pasid, op.address(), op.data(), 0, op.length())
                                        .await(PATIENCE_NANOS)
                                : port.write(pasid, op.address(), op.data(), 0, op.length()));
            case DMA_FETCH_ADD -> atomic(port, port.fetchAdd(pasid, op.address(), op.value()));
            case DMA_COMPARE_AND_SWAP -> atomic(port, port.compareAndSwap(pasid, op.address(), op.mode(), op.value()));
            case DMA_PREFETCH -> of(port.prefetch(pasid, op.address(), Caller.access(op)));
            default -> throw new IllegalArgumentException(op.toString());
        };
    }

    private static boolean isAsynchronous(Op op) {
        return op.mode() == 1;
    }

    private static Observation atomic(DmaPort port, DmaStatus status) {
        return status == DmaStatus.OK ? of(status).withValue(port.lastResult()) : of(status);
    }

    private static Observation of(DmaStatus status) {
        return Observation.of(
                switch (status) {
                    case OK -> Outcome.OK;
                    case UNSUPPORTED_REQUEST, ABORTED -> Outcome.ABORTED;
                    case PAGE_REQUEST_INVALID -> Outcome.PAGE_REQUEST_INVALID;
                    case PAGE_REQUEST_FAILURE -> Outcome.PAGE_REQUEST_FAILURE;
                    case RETRIES_EXHAUSTED -> Outcome.RETRIES_EXHAUSTED;
                    case FENCED -> Outcome.FENCED;
                });
    }
}
