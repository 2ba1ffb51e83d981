package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.Mmio;
import dev.sva4j.testing.FakeMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Registers that acknowledge what is written and a Command queue that completes every command at once, records it, and
 * can be told to refuse or to hold back. Offsets and bit positions are written out here a second time on purpose, from
 * the manual.
 */
final class ScriptedSmmu implements Mmio {
    // IDR values of the sheet's model, §12.
    static final long IDR0 = 0x084D369BL & ~(1L << 9);
    static final long IDR1 = 0x09073D10L;
    static final long IDR3 = 0x00001514L;
    static final long IDR5 = 0x00400074L;

    static final int CR0 = 0x20;
    static final int CR0ACK = 0x24;
    static final int CR1 = 0x28;
    static final int CR2 = 0x2C;
    static final int GBPA = 0x44;
    static final int IRQ_CTRL = 0x50;
    static final int IRQ_CTRLACK = 0x54;
    static final int GERROR = 0x60;
    static final int GERRORN = 0x64;
    static final int STRTAB_BASE = 0x80;
    static final int STRTAB_BASE_CFG = 0x88;
    static final int CMDQ_BASE = 0x90;
    static final int CMDQ_PROD = 0x98;
    static final int CMDQ_CONS = 0x9C;
    static final int EVENTQ_BASE = 0xA0;
    static final int EVENTQ_PROD = 0x100A8;
    static final int EVENTQ_CONS = 0x100AC;
    static final int PRIQ_BASE = 0xC0;
    static final int PRIQ_PROD = 0x100C8;
    static final int PRIQ_CONS = 0x100CC;

    /** A register write. */
    record Write(int offset, long value) {
        @Override
        public String toString() {
            return String.format("%x=%x", offset, value);
        }
    }

    private final FakeMemory memory;
    private final Map<Integer, Long> registers = new HashMap<>();

    /** Commands that were completed, in order. */
    final List<Cmd> commands = new ArrayList<>();

    /** Register writes but those to CMDQ_PROD, in order. */
    final List<Write> writes = new ArrayList<>();

    /** Register writes, commands and whatever a test adds, in order. */
    final List<String> trace = new ArrayList<>();

    /** CERROR code for a command, 0 to complete it. */
    ToIntFunction<Cmd> verdict = command -> 0;

    /** Whether hardware stays at a command for now. */
    Predicate<Cmd> stuck = command -> false;

    /** Runs when CR0.CMDQEN has become 0. */
    Runnable onCommandQueueDisabled = () -> {};

    /** Whether control registers are acknowledged. */
    volatile boolean acknowledges = true;

    /** Whether commands are held back; {@link #consume} then does it one by one. */
    volatile boolean holds;

    ScriptedSmmu(FakeMemory memory) {
        this.memory = memory;
        registers.put(0x00, IDR0);
        registers.put(0x04, IDR1);
        registers.put(0x0C, IDR3);
        registers.put(0x14, IDR5);
    }

    synchronized long get(int offset) {
        return registers.getOrDefault(offset, 0L);
    }

    synchronized void set(int offset, long value) {
        registers.put(offset, value);
    }

    @Override
    public synchronized int read32(long offset) {
        return (int) get((int) offset);
    }

    @Override
    public synchronized long read64(long offset) {
        return get((int) offset);
    }

    @Override
    public void write32(long offset, int value) {
        write((int) offset, Integer.toUnsignedLong(value));
    }

    @Override
    public void write64(long offset, long value) {
        write((int) offset, value);
    }

    private synchronized void write(int offset, long value) {
        set(offset, value);
        if (offset != CMDQ_PROD) {
            writes.add(new Write(offset, value));
            trace.add(writes.get(writes.size() - 1).toString());
        }
        switch (offset) {
            case CR0 -> {
                acknowledge(CR0ACK, value);
                if (acknowledges && (value & 8) == 0) {
                    onCommandQueueDisabled.run();
                }
            }
            case IRQ_CTRL -> acknowledge(IRQ_CTRLACK, value);
            case GBPA -> set(GBPA, value & ~(1L << 31));
            default -> {}
        }
        if (offset == CR0 || offset == CMDQ_PROD || offset == GERRORN) {
            if (!holds) {
                consume(Integer.MAX_VALUE);
            }
        }
    }

    private void acknowledge(int offset, long value) {
        if (acknowledges) {
            set(offset, value);
        }
    }

    /** Consumes up to {@code limit} commands. */
    synchronized void consume(int limit) {
        int log2Size = (int) (get(CMDQ_BASE) & 0x1f);
        long mask = (2L << log2Size) - 1;
        long base = get(CMDQ_BASE) & 0x00ff_ffff_ffff_ffe0L;
        for (int i = 0; i < limit && canConsume(mask); i++) {
            long cons = get(CMDQ_CONS) & mask;
            long[] words = memory.words(base + (cons & (mask >> 1)) * 16, 2);
            Cmd command = new Cmd(words[0], words[1]);
            if (stuck.test(command)) {
                return;
            }
            int error = verdict.applyAsInt(command);
            if (error != 0) {
                set(CMDQ_CONS, cons | (long) error << 24);
                set(GERROR, get(GERROR) ^ 1);
                return;
            }
            commands.add(command);
            trace.add(command.toString());
            set(CMDQ_CONS, (cons + 1) & mask);
        }
    }

    private boolean canConsume(long mask) {
        boolean enabled = (get(CR0ACK) & 8) != 0;
        boolean error = ((get(GERROR) ^ get(GERRORN)) & 1) != 0;
        return enabled && !error && (get(CMDQ_CONS) & mask) != (get(CMDQ_PROD) & mask);
    }

    /** Commands since the last call. */
    synchronized List<Cmd> takeCommands() {
        List<Cmd> taken = List.copyOf(commands);
        commands.clear();
        return taken;
    }

    /** Writes an event record and publishes it. */
    void event(long... words) {
        produce(EVENTQ_BASE, EVENTQ_PROD, 5, words);
    }

    /** Writes a PRI queue entry and publishes it. */
    void pageRequest(long... words) {
        produce(PRIQ_BASE, PRIQ_PROD, 4, words);
    }

    private synchronized void produce(int baseRegister, int prodRegister, int log2EntryBytes, long... words) {
        int log2Size = (int) (get(baseRegister) & 0x1f);
        long prod = get(prodRegister);
        long index = prod & ((1L << log2Size) - 1);
        memory.storeWords((get(baseRegister) & 0x00ff_ffff_ffff_ffe0L) + (index << log2EntryBytes), words);
        long mask = (2L << log2Size) - 1;
        set(prodRegister, (prod & 0x8000_0000L) | ((prod + 1) & mask));
    }
}
