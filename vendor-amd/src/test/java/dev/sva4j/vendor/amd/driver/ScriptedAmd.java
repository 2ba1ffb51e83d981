package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.Mmio;
import dev.sva4j.testing.FakeMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Registers that acknowledge what is written and a command buffer that completes every command at once, records it, and can be
 * told to refuse, to hold back and to drop the stores of waits. Offsets and bit positions are written out here a second time on
 * purpose, from the manual.
 */
final class ScriptedAmd implements Mmio {
    /** PPR, NX, GT, IA, US, GIo, EPH; HATS 2, GATS 0, GLX 2, PASmax 19. */
    static final long EFR = 0x0005_0033_0000_885aL;

    static final int DEVTAB = 0x00;
    static final int CMDBUF = 0x08;
    static final int EVTLOG = 0x10;
    static final int CONTROL = 0x18;
    static final int EFR_REG = 0x30;
    static final int PPRLOG = 0x38;
    static final int CMD_HEAD = 0x2000;
    static final int CMD_TAIL = 0x2008;
    static final int EVT_HEAD = 0x2010;
    static final int EVT_TAIL = 0x2018;
    static final int STATUS = 0x2020;
    static final int PPR_HEAD = 0x2030;
    static final int PPR_TAIL = 0x2038;

    static final long EVENT_OVERFLOW = 1;
    static final long PPR_OVERFLOW = 0x20;

    private static final long IOMMU_EN = 1;
    private static final long EVENT_LOG_EN = 1 << 2;
    private static final long CMD_BUF_EN = 1 << 12;
    private static final long PPR_LOG_EN = 1 << 13;
    private static final long W1C = 0x68e67;
    private static final long BASE = 0x000f_ffff_ffff_f000L;
    private static final int RING_BYTES = 0x2000;

    private final FakeMemory memory;
    private final Map<Integer, Long> registers = new HashMap<>();
    private boolean commandsStopped;
    private boolean eventsStopped;
    private boolean requestsStopped;

    /** Commands that were completed, in order; a COMPLETION_WAIT that stores is "wait". */
    private final List<String> commands = new ArrayList<>();

    /** Register writes but those to the command tail, commands and whatever a test adds, in order. */
    final List<String> trace = new ArrayList<>();

    /** Whether a command, by its first word, is refused. */
    LongPredicate illegal = word0 -> false;

    /** Whether hardware stays at a command, by its first word, for now. */
    LongPredicate stuck = word0 -> false;

    /** Whether the run flags follow the enables. */
    volatile boolean acknowledges = true;

    /** Whether commands are held back; {@link #consume} then does it. */
    volatile boolean holds;

    ScriptedAmd(FakeMemory memory) {
        this.memory = memory;
        registers.put(EFR_REG, EFR);
    }

    synchronized long get(int offset) {
        return registers.getOrDefault(offset, 0L);
    }

    synchronized void set(int offset, long value) {
        registers.put(offset, value);
    }

    @Override
    public synchronized int read32(long offset) {
        return (int) read64(offset);
    }

    @Override
    public synchronized long read64(long offset) {
        return offset == STATUS ? get(STATUS) | runFlags() : get((int) offset);
    }

    private long runFlags() {
        long control = get(CONTROL);
        if (!acknowledges || (control & IOMMU_EN) == 0) {
            return 0;
        }
        return ((control & EVENT_LOG_EN) != 0 && !eventsStopped ? 0x08 : 0)
                | ((control & CMD_BUF_EN) != 0 && !commandsStopped ? 0x10 : 0)
                | ((control & PPR_LOG_EN) != 0 && !requestsStopped ? 0x80 : 0);
    }

    @Override
    public synchronized void write32(long offset, int value) {
        write64(offset, Integer.toUnsignedLong(value));
    }

    @Override
    public synchronized void write64(long offset, long value) {
        int register = (int) offset;
        if (register != CMD_TAIL) {
            trace.add(String.format("%x=%x", register, value));
        }
        if (register == STATUS) {
            set(STATUS, get(STATUS) & ~(value & W1C));
            return;
        }
        if (register == CONTROL) {
            long off = ~value;
            commandsStopped &= (off & CMD_BUF_EN) == 0;
            // A log starts again with its enable, once its overflow is acknowledged.
            long on = value & ~get(CONTROL);
            eventsStopped &= (on & EVENT_LOG_EN) == 0 || (get(STATUS) & EVENT_OVERFLOW) != 0;
            requestsStopped &= (on & PPR_LOG_EN) == 0 || (get(STATUS) & PPR_OVERFLOW) != 0;
        }
        set(register, value);
        if ((register == CMD_TAIL || register == CONTROL) && !holds) {
            consume(Integer.MAX_VALUE);
        }
    }

    /** Consumes up to {@code limit} commands. */
    synchronized void consume(int limit) {
        for (int i = 0; i < limit && (runFlags() & 0x10) != 0 && get(CMD_HEAD) != get(CMD_TAIL); i++) {
            long head = get(CMD_HEAD);
            long[] words = memory.words((get(CMDBUF) & BASE) + head, 2);
            if (stuck.test(words[0])) {
                return;
            }
            if (illegal.test(words[0])) {
                commandsStopped = true;
                event(0x5000_0000_0000_0000L, (get(CMDBUF) & BASE) + head);
                return;
            }
            boolean wait = words[0] >>> 60 == 1 && (words[0] & 1) != 0;
            String command = wait ? "wait" : String.format("%016x %016x", words[0], words[1]);
            commands.add(command);
            trace.add(command);
            set(CMD_HEAD, (head + 16) % RING_BYTES);
            if (wait) {
                memory.store(words[0] & 0x000f_ffff_ffff_fff8L, words[1]);
            }
        }
    }

    /** Commands since the last call. */
    synchronized List<String> take() {
        List<String> taken = List.copyOf(commands);
        commands.clear();
        return taken;
    }

    /** Logs an event. */
    synchronized void event(long word0, long word1) {
        log(EVTLOG, EVT_TAIL, word0, word1);
        set(STATUS, get(STATUS) | 0x02);
    }

    /** Logs a page request. */
    synchronized void pageRequest(long word0, long word1) {
        log(PPRLOG, PPR_TAIL, word0, word1);
        set(STATUS, get(STATUS) | 0x40);
    }

    private void log(int base, int tail, long word0, long word1) {
        long at = get(tail);
        memory.storeWords((get(base) & BASE) + at, word0, word1);
        set(tail, (at + 16) % RING_BYTES);
    }

    /** Loses an event. */
    synchronized void overflowEvents() {
        eventsStopped = true;
        set(STATUS, get(STATUS) | EVENT_OVERFLOW | 0x02);
    }

    /** Loses a page request. */
    synchronized void overflowPageRequests() {
        requestsStopped = true;
        set(STATUS, get(STATUS) | PPR_OVERFLOW | 0x40);
    }
}
