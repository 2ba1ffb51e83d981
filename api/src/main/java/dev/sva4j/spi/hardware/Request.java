package dev.sva4j.spi.hardware;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import org.apiguardian.api.API;

/**
 * What a request is and asks for, as bits in an {@code int}, so that a translation needs no object.
 *
 * @since 0.2.0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
public final class Request {
    /** Reading is needed. */
    public static final int READ = 1;

    /** Writing is needed. */
    public static final int WRITE = 1 << 1;

    /** Writing is taken if it is allowed: a translation request without the no-write flag. */
    public static final int WRITE_IF_ALLOWED = 1 << 2;

    /** Privileged-mode request; only with a PASID. */
    public static final int PRIVILEGED = 1 << 3;

    /** Execute request; only with a PASID. */
    public static final int EXECUTE = 1 << 4;

    /** ATS translation request. */
    public static final int TRANSLATION = 1 << 5;

    /** Request with a translated address. */
    public static final int TRANSLATED = 1 << 6;

    /** Page request. */
    public static final int PAGE_REQUEST = 1 << 7;

    private Request() {}

    /** Bits of an untranslated or translated memory request. */
    public static int of(Transaction transaction) {
        int bits = of(transaction.operation(), transaction.pasid());
        boolean privileged = (transaction.flags() & Transaction.PRIVILEGED) != 0;
        if (privileged && transaction.pasid() != Pasid.NONE) {
            bits |= PRIVILEGED;
        }
        return transaction.addressType() == AddressType.TRANSLATED ? bits | TRANSLATED : bits;
    }

    /** Bits of an untranslated, unprivileged request. Without a PASID nothing says that a read is of instructions. */
    public static int of(Operation operation, int pasid) {
        return switch (operation) {
            case READ -> READ;
            case EXECUTE -> pasid == Pasid.NONE ? READ : READ | EXECUTE;
            case WRITE -> WRITE;
            case FETCH_ADD, COMPARE_AND_SWAP -> READ | WRITE;
        };
    }

    /** Bits of a translation request. */
    public static int ofTranslation(Transaction transaction) {
        int bits = has(transaction.flags(), Transaction.NO_WRITE) ? TRANSLATION : TRANSLATION | WRITE_IF_ALLOWED;
        if (transaction.pasid() == Pasid.NONE) {
            return bits;
        }
        bits |= has(transaction.flags(), Transaction.PRIVILEGED) ? PRIVILEGED : 0;
        return has(transaction.flags(), Transaction.EXECUTE_REQUESTED) ? bits | EXECUTE : bits;
    }

    /** Whether one of {@code bits} is set. */
    public static boolean has(int request, int bits) {
        return (request & bits) != 0;
    }
}
