package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.Mmio;
import dev.sva4j.testing.FakeMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Registers that acknowledge what is written and an invalidation queue that completes every descriptor at once, records it,
 * and can be told to refuse, to hold back and to drop waits. Offsets and bit positions are written out here a second time on
 * purpose, from the manual.
 */
final class ScriptedVtd implements Mmio {
    /** The model of the sheet's V18: CAP with 8 fault records at 0x220, ECAP with everything that is driven. */
    static final long CAP = 0x81d2_078c_222f_0406L;

    static final long ECAP = 0x0003_ef9e_a400_50c7L;

    static final int VER_REG = 0x00;
    static final int CAP_REG = 0x08;
    static final int ECAP_REG = 0x10;
    static final int GCMD = 0x18;
    static final int GSTS = 0x1C;
    static final int RTADDR = 0x20;
    static final int FSTS = 0x34;
    static final int FECTL = 0x38;
    static final int IQH = 0x80;
    static final int IQT = 0x88;
    static final int IQA = 0x90;
    static final int IQERCD = 0xB0;
    static final int PQH = 0xC0;
    static final int PQT = 0xC8;
    static final int PQA = 0xD0;
    static final int PRS = 0xDC;
    static final int PECTL = 0xE0;
    static final int FRCD = 0x220;
    static final int RECORDS = 8;

    private static final int TE = 1 << 31;
    private static final int SRTP = 1 << 30;
    private static final int QIE = 1 << 26;
    private static final int PFO = 1;
    private static final int PPF = 2;
    private static final int IQE = 0x10;
    private static final int ITE = 0x40;

    private final FakeMemory memory;
    private final Map<Integer, Long> registers = new HashMap<>();

    /** Descriptors that were completed, in order. */
    final List<Descriptor> descriptors = new ArrayList<>();

    /** Register writes but those to IQT, descriptors and whatever a test adds, in order. */
    final List<String> trace = new ArrayList<>();

    /** IQEI for a descriptor, 0 to complete it. */
    ToIntFunction<Descriptor> verdict = descriptor -> 0;

    /** Whether hardware stays at a descriptor for now. */
    Predicate<Descriptor> stuck = descriptor -> false;

    /** Whether the status of a wait is not written, although it was fetched. */
    Predicate<Descriptor> withheld = descriptor -> false;

    /** Whether GSTS follows GCMD. */
    volatile boolean acknowledges = true;

    /** Whether descriptors are held back; {@link #consume} then does it. */
    volatile boolean holds;

    ScriptedVtd(FakeMemory memory) {
        this.memory = memory;
        registers.put(VER_REG, 0x60L);
        registers.put(CAP_REG, CAP);
        registers.put(ECAP_REG, ECAP);
        registers.put(FECTL, 1L << 31);
        registers.put(PECTL, 1L << 31);
    }

    synchronized long get(int offset) {
        return registers.getOrDefault(offset, 0L);
    }

    synchronized void set(int offset, long value) {
        registers.put(offset, value);
    }

    @Override
    public synchronized int read32(long offset) {
        return (int) read((int) offset);
    }

    @Override
    public synchronized long read64(long offset) {
        return read((int) offset);
    }

    private long read(int offset) {
        return offset == FSTS ? get(FSTS) | (anyRecord() ? PPF : 0) : get(offset);
    }

    private boolean anyRecord() {
        for (int i = 0; i < RECORDS; i++) {
            if (get(FRCD + 16 * i + 8) < 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public synchronized void write32(long offset, int value) {
        write((int) offset, Integer.toUnsignedLong(value));
    }

    @Override
    public synchronized void write64(long offset, long value) {
        write((int) offset, value);
    }

    private void write(int offset, long value) {
        if (offset != IQT) {
            trace.add(String.format("%x=%x", offset, value));
        }
        if (offset == GCMD) {
            command((int) value);
        } else if (offset == FSTS || offset == PRS) {
            set(offset, get(offset) & ~value);
        } else if (offset >= FRCD && offset < FRCD + 16 * RECORDS) {
            if (offset % 16 == 12 && value >>> 31 != 0) {
                set(offset - 4, get(offset - 4) & Long.MAX_VALUE);
            }
        } else {
            set(offset, value);
        }
        if ((offset == IQT || offset == FSTS || offset == GCMD) && !holds) {
            consume(Integer.MAX_VALUE);
        }
    }

    private void command(int value) {
        if (acknowledges) {
            long kept = get(GSTS) & SRTP;
            set(GSTS, Integer.toUnsignedLong(value & (TE | QIE | SRTP)) | kept);
            if ((value & QIE) == 0) {
                set(IQH, 0);
            }
        }
    }

    /** Consumes up to {@code limit} descriptors. */
    synchronized void consume(int limit) {
        long size = 4096L << (get(IQA) & 7);
        for (int i = 0; i < limit && canConsume(); i++) {
            long head = get(IQH);
            long address = (get(IQA) & -4096) + head;
            long[] words = memory.words(address, 4);
            Descriptor descriptor = new Descriptor(words[0], words[1]);
            if (stuck.test(descriptor)) {
                return;
            }
            int error = words[2] != 0 || words[3] != 0 ? 4 : verdict.applyAsInt(descriptor);
            if (error != 0) {
                set(IQERCD, error);
                set(FSTS, get(FSTS) | IQE);
                return;
            }
            descriptors.add(descriptor);
            trace.add(descriptor.toString());
            set(IQH, (head + 32) % size);
            if (descriptor.isStatusWait() && !withheld.test(descriptor)) {
                memory.store32(words[1], (int) (words[0] >>> 32));
            }
        }
    }

    private boolean canConsume() {
        return (get(GSTS) & QIE) != 0 && (get(FSTS) & (IQE | ITE)) == 0 && get(IQH) != get(IQT);
    }

    /** Gives up a device's invalidation. */
    synchronized void timeOut(int sid) {
        set(IQERCD, (long) sid << 32);
        set(FSTS, get(FSTS) | ITE);
    }

    /** Descriptors since the last call, waits for a status left out. */
    synchronized List<Descriptor> takeDescriptors() {
        List<Descriptor> taken =
                descriptors.stream().filter(each -> !each.isStatusWait()).toList();
        descriptors.clear();
        return taken;
    }

    /** Descriptors since the last call in words, waits included. */
    synchronized List<String> takeAll() {
        List<String> taken = descriptors.stream().map(Descriptor::toString).toList();
        descriptors.clear();
        return taken;
    }

    /** Records a fault. */
    synchronized void record(int index, long word0, long word1) {
        set(FRCD + 16 * index, word0);
        set(FRCD + 16 * index + 8, word1);
    }

    synchronized void setFirstRecord(int index) {
        set(FSTS, (get(FSTS) & 0xff) | (long) index << 8);
    }

    synchronized void overflowRecords() {
        set(FSTS, get(FSTS) | PFO);
    }

    /** Writes a page request and publishes it. */
    synchronized void pageRequest(long word0, long word1) {
        long size = 4096L << (get(PQA) & 7);
        long tail = get(PQT);
        memory.storeWords((get(PQA) & -4096) + tail, word0, word1, 0, 0);
        set(PQT, (tail + 32) % size);
        set(PRS, get(PRS) | 1);
    }
}
