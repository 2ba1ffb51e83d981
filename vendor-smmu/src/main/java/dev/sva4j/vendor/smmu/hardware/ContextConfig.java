package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.A;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.AA64;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.AFFD;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.ASET;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.ASID;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.ENDI;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.HA;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.HD;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.IPS;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.PAN;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.S;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.V;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.WXN;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.STALL_MODEL_STALL_FORCED;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.STALL_MODEL_TERMINATE_ONLY;

import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.FaultResponse;
import dev.sva4j.vendor.smmu.layout.VirtualAddress;

/** A Context Descriptor as the translation uses it (§5.4), or why there is none. Immutable. */
final class ContextConfig {
    private static final int SMALL_ASID_BITS = 8;

    /** The fault of every transaction that comes here, or 0 if the descriptor is usable. */
    final long fault;

    /** What a translation fault does: A, R and S. */
    final FaultResponse response;

    final int asid;

    /** The ASID is not shared with the CPUs; tells global TLB entries apart. */
    final boolean aset;

    /** Effective IPS in bits. */
    final int outputBits;

    /** No access flag faults. */
    final boolean ignoreAccessFlag;

    final boolean writableNeverExecutable;
    final boolean privilegedAccessNever;
    final TableHalf lower;
    final TableHalf upper;

    private ContextConfig(long fault, long word0, TableHalf lower, TableHalf upper, int outputBits) {
        this.fault = fault;
        this.response = FaultResponse.ofContextDescriptor(word0);
        this.asid = (int) ASID.get(word0);
        this.aset = ASET.isSet(word0);
        this.outputBits = outputBits;
        this.ignoreAccessFlag = AFFD.isSet(word0);
        this.writableNeverExecutable = WXN.isSet(word0);
        this.privilegedAccessNever = PAN.isSet(word0);
        this.lower = lower;
        this.upper = upper;
    }

    /** A context without a descriptor. */
    static ContextConfig faulty(long fault) {
        return new ContextConfig(fault, 0, TableHalf.DISABLED, TableHalf.DISABLED, 0);
    }

    /** Takes a descriptor of {@code stream} apart and checks it. */
    static ContextConfig decode(long[] cd, StreamConfig stream, Features features) {
        long word0 = cd[0];
        if (!V.isSet(word0) || isIllegal(word0, stream, features)) {
            return faulty(Fault.of(EventId.C_BAD_CD));
        }
        // A reserved IPS acts as one that is too large.
        int ips = Math.min(AddressSize.bits(IPS.get(word0)), features.outputBits);
        TableHalf lower = TableHalf.lower(word0, cd[ContextDescriptor.TTB0.word()], features);
        TableHalf upper = TableHalf.upper(word0, cd[ContextDescriptor.TTB1.word()], features);
        // Without walks in either half the endianness of tables does not matter (§5.4, ENDI).
        boolean bigEndian = ENDI.isSet(word0) && (lower.enabled() || upper.enabled());
        if (bigEndian || !lower.isLegal(ips, features) || !upper.isLegal(ips, features)) {
            return faulty(Fault.of(EventId.C_BAD_CD));
        }
        return new ContextConfig(0, word0, lower, upper, ips);
    }

    /** The ILLEGAL rules of §5.4 that do not depend on the halves, for what the model implements. */
    private static boolean isIllegal(long word0, StreamConfig stream, Features features) {
        boolean stalls = S.isSet(word0);
        return (stalls && stream.stallsForbidden)
                || (stalls && features.stallModel == STALL_MODEL_TERMINATE_ONLY)
                || (!stalls && features.stallModel == STALL_MODEL_STALL_FORCED)
                || (!A.isSet(word0) && features.abortOnly)
                || !AA64.isSet(word0)
                || !features.aarch64
                // HTTU = 0.
                || HA.isSet(word0)
                || HD.isSet(word0)
                || (!features.asid16 && !AddressSize.fits(ASID.get(word0), SMALL_ASID_BITS));
    }

    /** The half that an address belongs to. */
    TableHalf half(long address) {
        return VirtualAddress.isUpperHalf(address) ? upper : lower;
    }

    /** A translation fault, treated as this context says. */
    long fault(EventId event) {
        return Fault.of(event, response);
    }
}
