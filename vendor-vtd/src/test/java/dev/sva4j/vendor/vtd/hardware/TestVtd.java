package dev.sva4j.vendor.vtd.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.testing.Dma;
import dev.sva4j.testing.FakeHardwareHost;
import dev.sva4j.testing.SparseMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * A unit with the tables of the test vectors: function 3a:00.0, PASID 0x12345 with a first-stage tree, domain 1. It
 * drives the registers as software would, word by word.
 */
final class TestVtd {
    static final int SID = 0x3a00;
    static final int PASID = 0x12345;
    static final int DID = 1;

    static final long ROOT = 0x1000_0000L;
    static final long ROOT_ENTRY = ROOT + 0x3a0;
    static final long CONTEXT = 0x1000_1000L;
    static final long DIRECTORY_ENTRY = 0x1001_2468L;
    static final long PASID_ENTRY = 0x1003_0140L;

    /** The entry of PASID 0, for requests without PASID. */
    static final long RID_DIRECTORY_ENTRY = 0x1001_0000L;

    static final long RID_ENTRY = 0x1003_1000L;
    static final long QUEUE = 0x1005_0000L;
    static final long STATUS = 0x1006_0010L;
    static final long PAGE_REQUESTS = 0x1007_0000L;

    /** Entries of the walk of vector V13. */
    static final long PML4E = 0x1004_07f0L;

    static final long PDPE = 0x1004_1240L;
    static final long PDE = 0x1004_2d10L;
    static final long PTE = 0x1004_3b38L;

    static final long VA = 0x7f12_3456_7abcL;
    static final long PA = 0x2_abcd_eabcL;
    static final long PAGE = 0x7f12_3456_7000L;
    static final long NEXT_PAGE = 0x7f12_3456_8000L;
    static final long NEXT_PTE = PTE + 8;
    static final long USER_RW = 0x0000_0002_abcd_e007L;

    static final int VER = 0x00;
    static final int CAP = 0x08;
    static final int ECAP = 0x10;
    static final int GCMD = 0x18;
    static final int GSTS = 0x1c;
    static final int RTADDR = 0x20;
    static final int FSTS = 0x34;
    static final int FECTL = 0x38;
    static final int IQH = 0x80;
    static final int IQT = 0x88;
    static final int IQA = 0x90;
    static final int ICS = 0x9c;
    static final int IECTL = 0xa0;
    static final int IQERCD = 0xb0;
    static final int PQH = 0xc0;
    static final int PQT = 0xc8;
    static final int PQA = 0xd0;
    static final int PRS = 0xdc;
    static final int PECTL = 0xe0;
    static final int FRCD = 0x220;

    static final int TE = 0x8000_0000;
    static final int SRTP = 0x4000_0000;
    static final int QIE = 0x0400_0000;
    static final int PFO = 0x01;
    static final int PPF = 0x02;
    static final int IQE = 0x10;
    static final int ICE = 0x20;
    static final int ITE = 0x40;

    final FakeHardwareHost host;
    final SparseMemory memory;
    final VtdHardware hardware;
    private int nextRecord;

    /** In reset, with tables in memory. */
    TestVtd(Behaviour behaviour, CapabilityRegisters capabilities) {
        host = new FakeHardwareHost(behaviour, 0x1000_0000L, 1L << 46);
        memory = host.memory;
        writeTables();
        hardware = new VtdHardware(host, capabilities);
    }

    static TestVtd running() {
        return running(Behaviour.TYPICAL);
    }

    static TestVtd running(Behaviour behaviour) {
        return running(behaviour, CapabilityRegisters.PRODUCT);
    }

    static TestVtd running(CapabilityRegisters capabilities) {
        return running(Behaviour.TYPICAL, capabilities);
    }

    static TestVtd running(Behaviour behaviour, CapabilityRegisters capabilities) {
        TestVtd vtd = new TestVtd(behaviour, capabilities);
        vtd.bringUp();
        return vtd;
    }

    /** The capabilities of the product with another value of a field of CAP or ECAP. */
    static CapabilityRegisters with(BitField field, long value) {
        CapabilityRegisters product = CapabilityRegisters.PRODUCT;
        boolean inCap = field.structure().equals("CAP");
        return new CapabilityRegisters(
                product.ver(),
                inCap ? field.put(product.cap(), value) : product.cap(),
                inCap ? product.ecap() : field.put(product.ecap(), value),
                product.hostAddressBits());
    }

    /** Vectors V1 to V4 and V13. */
    private void writeTables() {
        memory.put(ROOT_ENTRY, 0x0000000010001001L, 0x0000000010002001L);
        memory.put(CONTEXT, 0x0000000010010e1dL, 0, 0, 0);
        memory.put(DIRECTORY_ENTRY, 0x0000000010030001L);
        memory.put(PASID_ENTRY, 0x0000000000000049L, 0x0000000000800001L, 0x0000000010040000L, 0, 0, 0, 0, 0);
        memory.put(RID_DIRECTORY_ENTRY, 0x0000000010031001L);
        memory.put(PML4E, 0x0000000010041007L);
        memory.put(PDPE, 0x0000000010042007L);
        memory.put(PDE, 0x0000000010043007L);
        memory.put(PTE, USER_RW);
    }

    /** The order of Linux: invalidation queue, root table, page requests, translation. */
    void bringUp() {
        write64(IQT, 0);
        write64(IQA, 0x0000000010050801L);
        command(QIE);
        write64(RTADDR, 0x0000000010000400L);
        command(QIE | SRTP);
        write64(PQH, 0);
        write64(PQT, 0);
        write64(PQA, 0x0000000010070004L);
        for (int event : new int[] {FECTL, IECTL, PECTL}) {
            write32(event + 4, event);
            write32(event + 8, 0xfee0_0000);
            write32(event, 0);
        }
        command(QIE | TE);
    }

    /** Writes GCMD. */
    void command(int value) {
        write32(GCMD, value);
    }

    long read32(long offset) {
        return Integer.toUnsignedLong(hardware.registers().read32(offset));
    }

    long read64(long offset) {
        return hardware.registers().read64(offset);
    }

    void write32(long offset, int value) {
        hardware.registers().write32(offset, value);
    }

    void write64(long offset, long value) {
        hardware.registers().write64(offset, value);
    }

    // Descriptors.

    /** Adds a 256-bit descriptor behind the tail, without moving it; returns the new tail. */
    long enqueue(long tail, long... words) {
        memory.put(QUEUE + tail, 0, 0, 0, 0);
        memory.put(QUEUE + tail, words);
        return (tail + 32) % 8192;
    }

    /** Submits a descriptor. */
    void submit(long... words) {
        write64(IQT, enqueue(read64(IQT), words));
    }

    /** Submits a wait (vector V9) and says whether it completes at once. */
    boolean sync() {
        memory.put(STATUS, 0);
        submit(0x0000000200000025L, STATUS);
        return isSynced();
    }

    boolean isSynced() {
        return memory.load(STATUS) == 2;
    }

    /** A descriptor that must be carried out, and a wait. */
    void done(long... words) {
        submit(words);
        assertThat(sync()).as("the wait completes").isTrue();
    }

    // Faults.

    long fsts() {
        return read32(FSTS);
    }

    /** Takes the records as Linux does: the dword with F first, then the rest, then F is cleared. */
    List<long[]> takeFaults() {
        List<long[]> taken = new ArrayList<>();
        while ((read32(at(nextRecord) + 12) & 0x8000_0000L) != 0) {
            taken.add(new long[] {read64(at(nextRecord)), read64(at(nextRecord) + 8)});
            write32(at(nextRecord) + 12, 0x8000_0000);
            nextRecord = (nextRecord + 1) % 8;
        }
        return taken;
    }

    private static long at(int record) {
        return FRCD + 16L * record;
    }

    /** The one record since the last call. */
    long[] fault() {
        List<long[]> taken = takeFaults();
        assertThat(taken).as("records").hasSize(1);
        return taken.get(0);
    }

    /** The reason of the one record since the last call. */
    int reason() {
        return (int) (fault()[1] >>> 32) & 0xff;
    }

    // Requests.

    Dma submit(Dma dma) {
        hardware.submit(dma);
        return dma;
    }

    Dma read(long address) {
        return submit(Dma.read(SID, PASID, address, 4));
    }

    Dma write(long address) {
        return submit(Dma.write(SID, PASID, address, new byte[] {1, 2, 3, 4}));
    }

    Dma readUntagged(long address) {
        return submit(Dma.read(SID, dev.sva4j.spi.Pasid.NONE, address, 4));
    }

    Dma access(int pasid, Operation operation, long address, int flags) {
        return submit(Dma.of(SID, pasid, operation, address, 8, flags));
    }

    Dma privilegedRead(long address) {
        return access(PASID, Operation.READ, address, Transaction.PRIVILEGED);
    }

    Dma privilegedWrite(long address) {
        return access(PASID, Operation.WRITE, address, Transaction.PRIVILEGED);
    }

    boolean reaches(long address) {
        return read(address).outcome() == CompletionStatus.SUCCESS;
    }

    /** A translation request. */
    Dma translate(int pasid, long address, int flags) {
        return submit(Dma.translationRequest(SID, pasid, address, flags));
    }

    void request(int pasid, long address, boolean read, boolean write, int group, boolean last) {
        hardware.pageRequest(
                new PageRequest(SID, pasid, address, read, write, false, false, group, last, PageRequest.Kind.PRI));
    }
}
