package dev.sva4j.vendor.smmu.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.testing.Dma;
import dev.sva4j.testing.FakeHardwareHost;
import dev.sva4j.testing.SparseMemory;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import dev.sva4j.vendor.smmu.layout.SyncCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * An SMMU with the tables of the test vectors: stream 0x1234 with a two-level context table, SubstreamID 0xC05 with the
 * page tables of the walks. It drives the registers as software would, byte by byte.
 */
final class TestSmmu {
    static final int SID = 0x1234;
    static final int SSID = 0xC05;
    static final int ASID = 0x2a;

    static final long STRTAB = 0x8010_0000L;
    static final long L1STD = STRTAB + 0x90;
    static final long STE = 0x8030_0D00L;
    static final long L1CD = 0x8050_0018L;
    static final long CD = 0x8051_0140L;
    static final long CMDQ = 0x8020_0000L;
    static final long EVENTQ = 0x8021_0000L;
    static final long PRIQ = 0x8022_0000L;

    /** Vector S4 without S1STALLD: two-level CD table at 0x80500000, S1CDMax 20, S1DSS = SSID0, EATS = 1. */
    static final long STE0 = 0xa00000008050002bL;

    static final long STE1 = 0x00000000100000d6L;

    /** Vectors C1 to C5. */
    static final long CD0 = 0x002ae204c0003510L;

    static final long CD0_STALL = 0x002af204c0003510L;
    static final long CD0_QUIET = 0x002ac204c0004000L;
    static final long TTB0 = 0x8123_4000L;
    static final long MAIR = 0x000000040044ffffL;

    /** The addresses of the walks W1 to W6. */
    static final long PAGE_VA = 0x7F12_3456_7000L;

    static final long BLOCK_2M_VA = 0x7F12_3460_0000L;
    static final long BLOCK_1G_VA = 0x7F12_8000_0000L;
    static final long MISSING_VA = 0x7F12_3456_8000L;
    static final long TOO_BIG_VA = 0x7F12_3456_9000L;
    static final long NOT_ACCESSED_VA = 0x7F12_3456_A000L;

    /** Descriptors of 0x7F1234567000 and its neighbours. */
    static final long PAGE_PTE = 0x8123_7B38L;

    static final long MISSING_PTE = 0x8123_7B40L;
    static final long PAGE_PA = 0x8ABC_D000L;

    /** Vector P1: user, read and write. */
    static final long USER_RW = 0x006000008abcdf43L;

    static final long USER_RO = 0x006000008abcdfc3L;

    static final int SMMUEN = 1;
    static final int PRIQEN = 2;
    static final int EVENTQEN = 4;
    static final int CMDQEN = 8;
    static final int ATSCHK = 16;
    static final int ALL_ON = SMMUEN | PRIQEN | EVENTQEN | CMDQEN;

    final FakeHardwareHost host;
    final SparseMemory memory;
    final SmmuHardware hardware;
    private long eventCons;

    /** In reset, with tables in memory. */
    TestSmmu(Behaviour behaviour, IdRegisters ids) {
        host = new FakeHardwareHost(behaviour, 0x8000_0000L, 1L << 44);
        memory = host.memory;
        writeTables();
        hardware = new SmmuHardware(host, ids);
    }

    /** Up and running, with typical behaviour. */
    static TestSmmu running() {
        return running(Behaviour.TYPICAL);
    }

    static TestSmmu running(Behaviour behaviour) {
        return running(behaviour, IdRegisters.PRODUCT);
    }

    static TestSmmu running(Behaviour behaviour, IdRegisters ids) {
        TestSmmu smmu = new TestSmmu(behaviour, ids);
        smmu.bringUp();
        return smmu;
    }

    private void writeTables() {
        memory.put(L1STD, 0x80300009L);
        memory.put(STE, STE0, STE1);
        memory.put(L1CD, 0x80510001L);
        memory.put(CD, CD0, TTB0, 0, MAIR);
        memory.put(0x812347F0L, 0x0000000081235003L);
        memory.put(0x81235240L, 0x0000000081236003L);
        memory.put(0x81235250L, 0x0060000140000fc1L);
        memory.put(0x81236D10L, 0x0000000081237003L);
        memory.put(0x81236D18L, 0x00600000c0200f41L);
        memory.put(PAGE_PTE, USER_RW, 0, 0x0060100000000f43L, 0x006000008abcdb43L);
    }

    /** The order of §1.2: tables and queues, then the switches. */
    void bringUp() {
        write64(StreamTableRegisters.STRTAB_BASE.offset(), 0x4000000080100000L);
        write32(StreamTableRegisters.STRTAB_BASE_CFG.offset(), 0x00010210);
        write32(ControlRegisters.CR1.offset(), 0xD75);
        write32(ControlRegisters.CR2.offset(), 0x6);
        write64(QueueRegisters.CMDQ_BASE.offset(), 0x4000000080200008L);
        write64(QueueRegisters.EVENTQ_BASE.offset(), 0x4000000080210007L);
        write64(QueueRegisters.PRIQ_BASE.offset(), 0x4000000080220007L);
        write32(InterruptRegisters.IRQ_CTRL.offset(), 7);
        cr0(ALL_ON);
    }

    void cr0(int value) {
        write32(ControlRegisters.CR0.offset(), value);
    }

    long read32(long offset) {
        return Integer.toUnsignedLong(hardware.registers().read32(offset));
    }

    void write32(long offset, int value) {
        hardware.registers().write32(offset, value);
    }

    void write64(long offset, long value) {
        hardware.registers().write64(offset, value);
    }

    // Tables.

    void ste(long... words) {
        memory.put(STE, words);
    }

    void cd(long... words) {
        memory.put(CD, words);
    }

    /** The live CD with other low words. */
    void cd0(long word0) {
        memory.put(CD, word0);
    }

    static long s(long word0) {
        return ContextDescriptor.S.put(word0, true);
    }

    static long stall(long word1) {
        return StreamTableEntry.S1STALLD.put(word1, true);
    }

    // Commands.

    long cmdqCons() {
        return read32(QueueRegisters.CMDQ_CONS.offset());
    }

    long cmdqProd() {
        return read32(QueueRegisters.CMDQ_PROD.offset());
    }

    /** Writes a command to the queue without ringing the doorbell; returns the new PROD. */
    long enqueue(long prod, long word0, long word1) {
        memory.put(CMDQ + QueuePointer.index(prod, 8) * 16, word0, word1);
        return QueuePointer.next(prod, 8);
    }

    void ring(long prod) {
        write32(QueueRegisters.CMDQ_PROD.offset(), (int) prod);
    }

    /** Issues a command. */
    void command(long word0, long word1) {
        ring(enqueue(cmdqProd(), word0, word1));
    }

    /** Issues a CMD_SYNC; returns whether it has completed. */
    boolean sync() {
        command(SyncCommand.noneWord0(), 0);
        return isIdle();
    }

    /** Whether every command has been consumed. */
    boolean isIdle() {
        return QueuePointer.isEmpty(cmdqProd(), cmdqCons(), 8);
    }

    /** Why the command queue stands still: CMDQ_CONS.ERR while GERROR.CMDQ_ERR is active, else 0. */
    long commandError() {
        boolean active = ((gerror() ^ gerrorn()) & 1) != 0;
        return active ? QueueRegisters.CMDQ_CONS_ERR.get(cmdqCons()) : 0;
    }

    long gerror() {
        return read32(InterruptRegisters.GERROR.offset());
    }

    long gerrorn() {
        return read32(InterruptRegisters.GERRORN.offset());
    }

    void acknowledgeErrors() {
        write32(InterruptRegisters.GERRORN.offset(), (int) gerror());
    }

    /** A command that must be carried out, and a CMD_SYNC. */
    void done(long word0, long word1) {
        command(word0, word1);
        assertThat(sync()).as("CMD_SYNC completes").isTrue();
        assertThat(commandError()).isZero();
    }

    // Events.

    /** The records since the last call; consumes them. */
    List<long[]> takeEvents() {
        List<long[]> taken = new ArrayList<>();
        long prod = read32(QueueRegisters.EVENTQ_PROD.offset());
        while (!QueuePointer.isEmpty(prod, eventCons, 7)) {
            long at = QueuePointer.entryAddress(EVENTQ, eventCons, 7, QueuePointer.LOG2_EVENT_BYTES);
            taken.add(new long[] {memory.load(at), memory.load(at + 8), memory.load(at + 16), memory.load(at + 24)});
            eventCons = QueuePointer.next(eventCons, 7);
        }
        eventCons = QueuePointer.acknowledgeOverflow(prod, eventCons);
        write32(QueueRegisters.EVENTQ_CONS.offset(), (int) eventCons);
        return taken;
    }

    /** The one record since the last call. */
    long[] event() {
        List<long[]> taken = takeEvents();
        assertThat(taken).hasSize(1);
        return taken.get(0);
    }

    // Transactions.

    Dma submit(Dma dma) {
        hardware.submit(dma);
        return dma;
    }

    Dma read(long address) {
        return submit(Dma.read(SID, SSID, address, 8));
    }

    Dma write(long address) {
        return submit(Dma.write(SID, SSID, address, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    }

    Dma access(int pasid, Operation operation, long address, int flags) {
        return submit(Dma.of(SID, pasid, operation, address, 8, flags));
    }

    /** Reads the page of the walks; returns whether that succeeds. */
    boolean reaches(long address) {
        return read(address).outcome() == CompletionStatus.SUCCESS;
    }
}
