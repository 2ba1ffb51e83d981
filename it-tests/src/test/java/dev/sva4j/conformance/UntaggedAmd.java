package dev.sva4j.conformance;

import dev.sva4j.conformance.forward.ForwardingHardware;
import dev.sva4j.conformance.forward.ForwardingVendor;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.vendor.amd.AmdVendor;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures;
import dev.sva4j.vendor.amd.layout.HostPageTableFormat;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** An AMD IOMMU without guest translation, as emulators are, in a machine whose processes have host page tables. */
final class UntaggedAmd extends ForwardingVendor {
    private static final Set<TransactionKind> CARRIES = EnumSet.of(TransactionKind.UNTAGGED, TransactionKind.ATOMIC);

    UntaggedAmd() {
        super(new AmdVendor());
    }

    @Override
    public PageTableFormat processFormat() {
        return new HostPageTableFormat(4, 2, DeviceTableEntry.HAD_NONE, true);
    }

    @Override
    public List<TransactionKind> carries() {
        return List.copyOf(CARRIES);
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        return new ForwardingHardware(super.createHardware(host)) {
            @Override
            public Mmio registers() {
                return new WithoutGuestTranslation(super.registers());
            }

            @Override
            public Set<TransactionKind> carries() {
                return EnumSet.copyOf(CARRIES);
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

    private static final class WithoutGuestTranslation extends ForwardingMmio {
        WithoutGuestTranslation(Mmio to) {
            super(to);
        }

        @Override
        public long read64(long offset) {
            long value = super.read64(offset);
            return offset == ExtendedFeatures.EXT_FEATURE.offset() ? ExtendedFeatures.GT_SUP.clear(value) : value;
        }
    }
}
