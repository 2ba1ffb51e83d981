package dev.sva4j.conformance;

import dev.sva4j.conformance.forward.ForwardingHardware;
import dev.sva4j.conformance.forward.ForwardingVendor;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.vendor.smmu.SmmuVendor;
import dev.sva4j.vendor.smmu.layout.IdRegisters;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** An SMMU without SubstreamIDs, ATS and PRI: what emulators have. */
public final class UntaggedSmmu extends ForwardingVendor {
    private final List<TransactionKind> carries;

    /** @param more what it carries besides untagged requests */
    public UntaggedSmmu(TransactionKind... more) {
        super(new SmmuVendor());
        this.carries = List.copyOf(EnumSet.of(TransactionKind.UNTAGGED, more));
    }

    @Override
    public List<TransactionKind> carries() {
        return carries;
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        return new ForwardingHardware(super.createHardware(host)) {
            @Override
            public Mmio registers() {
                return new WithoutSubstreams(super.registers());
            }

            @Override
            public Set<TransactionKind> carries() {
                return EnumSet.copyOf(carries);
            }

            @Override
            public void submit(Transaction transaction) {
                if (transaction.pasid() != Pasid.NONE) {
                    throw new IllegalArgumentException("a request with PASID " + transaction.pasid());
                }
                super.submit(transaction);
            }
        };
    }

    private record WithoutSubstreams(Mmio to) implements Mmio {
        @Override
        public int read32(long offset) {
            int value = to.read32(offset);
            if (offset == IdRegisters.IDR0.offset()) {
                return (int) IdRegisters.IDR0_PRI.clear(IdRegisters.IDR0_ATS.clear(value));
            }
            return offset == IdRegisters.IDR1.offset() ? (int) IdRegisters.IDR1_SSIDSIZE.clear(value) : value;
        }

        @Override
        public void write32(long offset, int value) {
            to.write32(offset, value);
        }

        @Override
        public long read64(long offset) {
            return to.read64(offset);
        }

        @Override
        public void write64(long offset, long value) {
            to.write64(offset, value);
        }
    }
}
