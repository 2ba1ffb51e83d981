package dev.sva4j.conformance.forward;

import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import java.util.Optional;
import java.util.Set;

/** A hardware half that is another one, for subclasses to differ in one point. */
public abstract class ForwardingHardware implements IommuHardware {
    private final IommuHardware to;

    /** Passes on to {@code to}. */
    protected ForwardingHardware(IommuHardware to) {
        this.to = to;
    }

    @Override
    public Mmio registers() {
        return to.registers();
    }

    @Override
    public Set<TransactionKind> carries() {
        return to.carries();
    }

    @Override
    public void submit(Transaction transaction) {
        to.submit(transaction);
    }

    @Override
    public void pageRequest(PageRequest request) {
        to.pageRequest(request);
    }

    @Override
    public void atcInvalidationComplete(int requester, int tag) {
        to.atcInvalidationComplete(requester, tag);
    }

    @Override
    public Optional<DirectTranslation> directTranslation() {
        return to.directTranslation();
    }

    @Override
    public void close() {
        to.close();
    }
}
