package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import dev.sva4j.testing.FakeHardwareHost;
import dev.sva4j.testing.SparseMemory;
import java.util.ArrayList;
import java.util.List;

/** An IOMMU, the tables of the vectors, and software that writes registers and commands as bytes. */
final class TestAmd {
    static final int DEVICE = 0x300;
    static final int HOST_DEVICE = 0x308;
    static final int PASID = 0x12345;
    static final long DTE = 0x8000_6000L;
    static final long HOST_DTE = 0x8000_6100L;
    static final long COMMANDS = 0x10_0000L;
    static final long EVENTS = 0x11_0000L;
    static final long REQUESTS = 0x12_0000L;
    static final long DONE = 0x13_0000L;
    static final long GCR3_ENTRY = 0x1_0842_2a28L;
    static final long PML4E = 0x1_0842_37f0L;
    static final long PDPTE = 0x1_0842_4240L;
    static final long PDE = 0x1_0842_5d10L;
    static final long PTE = 0x1_0842_6b38L;
    static final long VA = 0x7f12_3456_7abcL;
    static final long PAGE = 0x7f12_3456_7000L;
    static final long PA = 0xabcd_eabcL;

    static final int CONTROL = 0x18;
    static final int STATUS = 0x2020;
    static final int CMD_HEAD = 0x2000;
    static final int CMD_TAIL = 0x2008;
    static final int EVT_HEAD = 0x2010;
    static final int EVT_TAIL = 0x2018;
    static final int PPR_HEAD = 0x2030;
    static final int PPR_TAIL = 0x2038;

    /** IommuEn, EventLogEn, EventIntEn, ComWaitIntEn, InvTimeOut 1 s, Coherent, CmdBufEn, PPR*, GTEn, EPHEn. */
    static final long ON = 0x0000_2000_0001_f49dL;

    static final long EVENT_LOG_EN = 4;
    static final long CMD_BUF_EN = 1 << 12;

    final FakeHardwareHost host;
    final SparseMemory memory;
    final AmdHardware hardware;
    private long commandTail;
    private long eventHead;
    private long requestHead;

    private TestAmd(Behaviour behaviour, FeatureRegisters features) {
        host = new FakeHardwareHost(behaviour, 0, 1L << 45);
        memory = host.memory;
        hardware = new AmdHardware(host, features);
        writeGuestTables();
        writeHostTables();
    }

    static TestAmd inReset() {
        return new TestAmd(Behaviour.TYPICAL, FeatureRegisters.PRODUCT);
    }

    static TestAmd running() {
        return running(Behaviour.TYPICAL, FeatureRegisters.PRODUCT);
    }

    static TestAmd running(Behaviour behaviour, FeatureRegisters features) {
        TestAmd amd = new TestAmd(behaviour, features);
        amd.bringUp();
        return amd;
    }

    void bringUp() {
        hardware.registers().write64(0x0, 0x0000_0000_8000_01ffL);
        hardware.registers().write64(0x8, 0x0900_0000_0010_0000L);
        hardware.registers().write64(0x10, 0x0900_0000_0011_0000L);
        hardware.registers().write64(0x38, 0x0900_0000_0012_0000L);
        hardware.registers().write32(0x15c, 0xfee0_0000);
        hardware.registers().write32(0x164, 0x31);
        hardware.registers().write32(0x158, 1 << 16);
        hardware.registers().write64(CONTROL, ON);
    }

    private void writeGuestTables() {
        memory.put(DTE, 0x6590000000000003L, 0x0000100110840007L, 0, 0);
        memory.put(0x1_0842_1488L, 0x0000000108422001L);
        memory.put(GCR3_ENTRY, 0x0000000108423001L);
        memory.put(PML4E, 0x0000000108424007L);
        memory.put(PDPTE, 0x0000000108425007L, 0x0000000140000087L);
        memory.put(PDE, 0x0000000108426007L, 0x00000000c0000087L);
        memory.put(PTE, 0x80000000abcde007L, 0x80000000abcdf005L);
    }

    private void writeHostTables() {
        memory.put(HOST_DTE, 0x6000001234567803L, 0x0000000000000042L, 0, 0);
        memory.put(0x12_3456_7008L, 0x6000001234568601L, 0x600000123456b401L);
        memory.put(0x12_3456_8000L, 0x6000001234569401L);
        memory.put(0x12_3456_9488L, 0x600000123456a201L, 0x6000000040200001L);
        memory.put(0x12_3456_94a0L, 0x60000000405ffe01L, 0x60000000405ffe01L);
        memory.put(0x12_3456_b488L, 0x600000123456a201L);
        memory.put(0x12_3456_aa28L, 0x70000000abcde001L, 0x20000000abcdf001L);
        for (int entry = 0x148; entry <= 0x14f; entry++) {
            memory.put(0x12_3456_a000L + 8L * entry, 0x60000000abccbe01L);
        }
    }

    long translate(int device, int pasid, long address, Access access) {
        return hardware.directTranslation().orElseThrow().translate(device, pasid, address, access);
    }

    long read(int pasid, long address) {
        return translate(DEVICE, pasid, address, Access.READ);
    }

    CompletionStatus submit(Dma dma) {
        hardware.submit(dma);
        return dma.outcome();
    }

    CompletionStatus write(int device, int pasid, long address) {
        return submit(Dma.write(device, pasid, address, (byte) 1));
    }

    Dma askFor(long address) {
        Dma dma = Dma.translationRequest(DEVICE, PASID, address, 0);
        hardware.submit(dma);
        return dma;
    }

    /** Puts commands into the buffer. */
    void command(long... words) {
        for (int i = 0; i < words.length; i += 2) {
            memory.put(COMMANDS + commandTail, words[i], words[i + 1]);
            commandTail = (commandTail + 16) % 0x2000;
        }
        hardware.registers().write64(CMD_TAIL, commandTail);
    }

    /** COMPLETION_WAIT that stores {@code data}. */
    void completionWait(long data) {
        command(0x1000000000130001L, data);
    }

    /** Events since the last call, as {@code word0 word1}. */
    List<String> events() {
        List<String> events = new ArrayList<>();
        long tail = hardware.registers().read64(EVT_TAIL);
        while (eventHead != tail) {
            events.add(entry(EVENTS + eventHead));
            eventHead = (eventHead + 16) % 0x2000;
        }
        hardware.registers().write64(EVT_HEAD, eventHead);
        return events;
    }

    /** Page requests since the last call. */
    List<String> requests() {
        List<String> requests = new ArrayList<>();
        long tail = hardware.registers().read64(PPR_TAIL);
        while (requestHead != tail) {
            requests.add(entry(REQUESTS + requestHead));
            requestHead = (requestHead + 16) % 0x2000;
        }
        hardware.registers().write64(PPR_HEAD, requestHead);
        return requests;
    }

    private String entry(long at) {
        return String.format("%016x %016x", memory.load(at), memory.load(at + 8));
    }

    long status() {
        return hardware.registers().read64(STATUS);
    }
}
