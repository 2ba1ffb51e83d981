package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * One request of a device on its way to memory: descriptor and completion in one reusable object, so that the hot path
 * allocates nothing.
 *
 * <p>Life: the requester fills it ({@link #memory}, {@link #atomic}, {@link #translation}), hands it to {@link
 * IommuHardware#submit} and does not touch it before {@link #completed} was called; then it reads the results and may
 * fill it anew. The hardware half fills the results and calls {@link #complete} exactly once; it keeps no reference
 * afterwards.
 *
 * <p>Not thread-safe: it belongs to the requester or to the hardware half, never to both. The hand-over in {@code
 * submit} and {@code completed} orders the accesses.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public abstract class Transaction {
    /** A flag of {@link #flags()}: the requester runs privileged (PASID TLP prefix, Privileged Mode). */
    public static final int PRIVILEGED = 1;

    /** A flag of {@link #flags()}: a translation request without write intent (ATS "No Write"). */
    public static final int NO_WRITE = 1 << 1;

    /** A flag of {@link #flags()}: a translation request that asks for execute permission. */
    public static final int EXECUTE_REQUESTED = 1 << 2;

    private static final byte[] NO_DATA = {};

    // Request: written by the requester before submit, read by the hardware half until complete.
    private int requester;
    private int pasid = Pasid.NONE;
    private AddressType addressType = AddressType.UNTRANSLATED;
    private Operation operation = Operation.READ;
    private int flags;
    private long address;
    private byte[] data = NO_DATA;
    private int offset;
    private int length;
    private long operand;
    private long comparand;

    // Results: written by the hardware half before complete, read by the requester afterwards.
    private CompletionStatus status = CompletionStatus.SUCCESS;
    private long result;
    private long translatedAddress;
    private int translatedShift;
    private int grantedRights;

    /** Creates an idle transaction. */
    protected Transaction() {}

    /** Called once when the transaction has ended, on whatever thread ended it. Must not block and must not throw. */
    protected abstract void completed();

    /**
     * Fills in a read, an instruction read or a write.
     *
     * @param requester requester id (PCI) or StreamID, unsigned
     * @param pasid 0 … 2^20−1, or {@link Pasid#NONE}
     * @param type {@link AddressType#UNTRANSLATED} or {@link AddressType#TRANSLATED}
     * @param operation not atomic
     * @param address first byte
     * @param data where the bytes go to or come from
     * @param offset first byte in {@code data}
     * @param length bytes, at least 1
     * @param flags {@link #PRIVILEGED} or 0
     */
    public final void memory(
            int requester,
            int pasid,
            AddressType type,
            Operation operation,
            long address,
            byte[] data,
            int offset,
            int length,
            int flags) {
        this.requester = requester;
        this.pasid = pasid;
        this.addressType = type;
        this.operation = operation;
        this.address = address;
        this.data = data;
        this.offset = offset;
        this.length = length;
        this.flags = flags;
    }

    /**
     * Fills in an atomic operation on the 64-bit word at {@code address} (8-byte aligned).
     *
     * @param operand what is added, or stored on a match
     * @param comparand what is compared with (compare-and-swap only)
     */
    public final void atomic(
            int requester,
            int pasid,
            AddressType type,
            Operation operation,
            long address,
            long operand,
            long comparand,
            int flags) {
        memory(requester, pasid, type, operation, address, NO_DATA, 0, Long.BYTES, flags);
        this.operand = operand;
        this.comparand = comparand;
    }

    /** Fills in an ATS translation request for the page that holds {@code address}. */
    public final void translation(int requester, int pasid, long address, int flags) {
        memory(requester, pasid, AddressType.TRANSLATION_REQUEST, Operation.READ, address, NO_DATA, 0, 1, flags);
    }

    /** Requester id (PCI) or StreamID, unsigned. */
    public final int requester() {
        return requester;
    }

    /** The PASID that the request carries, or {@link Pasid#NONE}. */
    public final int pasid() {
        return pasid;
    }

    /** How {@link #address()} is to be read. */
    public final AddressType addressType() {
        return addressType;
    }

    /** What is done. */
    public final Operation operation() {
        return operation;
    }

    /** {@link #PRIVILEGED}, {@link #NO_WRITE}, {@link #EXECUTE_REQUESTED}. */
    public final int flags() {
        return flags;
    }

    /** Address of the first byte. */
    public final long address() {
        return address;
    }

    /** Where the bytes go to or come from. */
    public final byte[] data() {
        return data;
    }

    /** First byte in {@link #data()}. */
    public final int offset() {
        return offset;
    }

    /** Bytes. */
    public final int length() {
        return length;
    }

    /** Operand of an atomic operation. */
    public final long operand() {
        return operand;
    }

    /** Comparand of a compare-and-swap. */
    public final long comparand() {
        return comparand;
    }

    /** Hardware half: the old value of an atomic operation. */
    public final void setResult(long value) {
        this.result = value;
    }

    /**
     * Hardware half: the answer to a translation request.
     *
     * @param address translated address of the first byte of the region; 0 if {@code rights} is 0
     * @param shift log2 of the region's bytes
     * @param rights {@code Rights} bits of {@code dev.sva4j.spi.pagetable}; 0 means "no right, but a page request may
     *     help"
     */
    public final void setTranslation(long address, int shift, int rights) {
        this.translatedAddress = address;
        this.translatedShift = shift;
        this.grantedRights = rights;
    }

    /** Hardware half: ends the transaction. Call exactly once per submit, after the results were set. */
    public final void complete(CompletionStatus outcome) {
        this.status = outcome;
        completed();
    }

    /** How it ended. */
    public final CompletionStatus status() {
        return status;
    }

    /** Old value of an atomic operation. */
    public final long result() {
        return result;
    }

    /** Translated address of the first byte of the region. */
    public final long translatedAddress() {
        return translatedAddress;
    }

    /** log2 of the translated region's bytes. */
    public final int translatedShift() {
        return translatedShift;
    }

    /** What the translation allows. */
    public final int grantedRights() {
        return grantedRights;
    }
}
