package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.vendor.vtd.layout.FaultRecord;
import dev.sva4j.vendor.vtd.layout.RequestType;

/** What a request is and asks for, as bits in an {@code int}, so that a translation needs no object. */
final class Request {
    /** Reading is needed. */
    static final int READ = 1;

    /** Writing is needed. */
    static final int WRITE = 1 << 1;

    /** Writing is taken if it is allowed: a translation request without the no-write flag. */
    static final int WRITE_IF_ALLOWED = 1 << 2;

    /** Privileged-mode request; only with a PASID. */
    static final int PRIVILEGED = 1 << 3;

    /** Execute request, ER; only with a PASID. */
    static final int EXECUTE = 1 << 4;

    /** ATS translation request. */
    static final int TRANSLATION = 1 << 5;

    /** Request with a translated address. */
    static final int TRANSLATED = 1 << 6;

    /** Page request. */
    static final int PAGE_REQUEST = 1 << 7;

    private Request() {}

    /** Bits of an untranslated or translated memory request. */
    static int of(Transaction transaction) {
        int bits = of(transaction.operation(), transaction.pasid());
        boolean privileged = (transaction.flags() & Transaction.PRIVILEGED) != 0;
        if (privileged && transaction.pasid() != Pasid.NONE) {
            bits |= PRIVILEGED;
        }
        return transaction.addressType() == AddressType.TRANSLATED ? bits | TRANSLATED : bits;
    }

    /** Bits of an untranslated, unprivileged request. Without a PASID nothing says that a read is of instructions. */
    static int of(Operation operation, int pasid) {
        return switch (operation) {
            case READ -> READ;
            case EXECUTE -> pasid == Pasid.NONE ? READ : READ | EXECUTE;
            case WRITE -> WRITE;
            case FETCH_ADD, COMPARE_AND_SWAP -> READ | WRITE;
        };
    }

    static boolean has(int request, int bit) {
        return (request & bit) != 0;
    }

    /** T1 and T2 of a fault record. */
    static RequestType type(int request) {
        if (has(request, PAGE_REQUEST)) {
            return RequestType.PAGE_REQUEST;
        }
        if (!has(request, WRITE)) {
            return RequestType.READ;
        }
        return has(request, READ) ? RequestType.ATOMIC_OP : RequestType.WRITE;
    }

    /** AT of a fault record. A page request is a message and has none. */
    static int addressType(int request) {
        if (has(request, TRANSLATION)) {
            return FaultRecord.AT_TRANSLATION_REQUEST;
        }
        return has(request, TRANSLATED) ? FaultRecord.AT_TRANSLATED : FaultRecord.AT_UNTRANSLATED;
    }
}
