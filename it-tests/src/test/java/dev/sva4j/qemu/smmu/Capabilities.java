package dev.sva4j.qemu.smmu;

import dev.sva4j.qemu.Rocker;
import dev.sva4j.spi.pagetable.Vmsav8_64Layout;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import dev.sva4j.vendor.smmu.layout.Granule;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import java.util.ArrayList;
import java.util.List;

/**
 * What this QEMU's SMMUv3 does of that which older ones do not do. It is found out by trying, not by its version.
 *
 * @param upperHalf it translates addresses of TTB1
 * @param accessFlag it has F_ACCESS
 * @param outputSize it has F_ADDR_SIZE
 * @param eventClass its records say what was translated
 */
record Capabilities(boolean upperHalf, boolean accessFlag, boolean outputSize, boolean eventClass) {
    private static final int DEVICE = 0;
    private static final long STRTAB = 0x4020_0000L;
    private static final int LOG2_STREAMS = 8;
    private static final long CD = 0x4021_0000L;
    private static final long LOWER = 0x4022_0000L;
    private static final long UPPER = 0x4023_0000L;
    private static final int INPUT_BITS = 25;
    private static final long BLOCK = 2L << 20;

    /** Beyond 32 bits, which is what the CD allows, and where nothing is. */
    private static final long TOO_HIGH = 1L << 40;

    /** Tries it out. */
    static Capabilities of(Player qemu) {
        List<Step> steps = new ArrayList<>();
        tables(steps);
        for (long address : List.of(BLOCK, 2 * BLOCK, 3 * BLOCK, -BLOCK)) {
            steps.add(new Step.Probe(DEVICE, Rocker.Operation.CLEAR, address));
        }
        Case tried = new Case("capabilities", false, steps, List.of());
        List<List<Observation.Event>> events = qemu.play(tried).events();
        steps.stream()
                .filter(Step.Store.class::isInstance)
                .forEach(step -> qemu.memory().store(((Step.Store) step).address(), 0));
        return new Capabilities(
                is(EventId.F_TRANSLATION, events.get(3)),
                is(EventId.F_ACCESS, events.get(0)),
                is(EventId.F_ADDR_SIZE, events.get(1)),
                EventRecord.CLASS.get(events.get(2).get(0).word1()) == EventRecord.CLASS_IN);
    }

    private static boolean is(EventId id, List<Observation.Event> events) {
        return events.size() == 1 && events.get(0).id() == id;
    }

    private static void tables(List<Step> steps) {
        long ste = StreamTable.linearAddress(STRTAB, Bench.requester(DEVICE));
        steps.add(new Step.Store(
                ste,
                StreamTableEntry.V.encode(true)
                        | StreamTableEntry.CONFIG.encode(StreamTableEntry.CONFIG_S1_TRANSLATE)
                        | StreamTableEntry.S1_CONTEXT_PTR.encodeAddress(CD)));
        int size = ContextDescriptor.sizeField(INPUT_BITS);
        steps.add(new Step.Store(
                CD,
                ContextDescriptor.V.encode(true)
                        | ContextDescriptor.AA64.encode(true)
                        | ContextDescriptor.A.encode(true)
                        | ContextDescriptor.R.encode(true)
                        | ContextDescriptor.T0SZ.encode(size)
                        | ContextDescriptor.TG0.encode(Granule.KIB_4.tg0())
                        | ContextDescriptor.T1SZ.encode(size)
                        | ContextDescriptor.TG1.encode(Granule.KIB_4.tg1())));
        steps.add(new Step.Store(CD + 8, ContextDescriptor.TTB0.encodeAddress(LOWER)));
        steps.add(new Step.Store(CD + 16, ContextDescriptor.TTB1.encodeAddress(UPPER)));
        long block = Vmsav8_64Layout.VALID.encode(true) | Vmsav8_64Layout.AP1.encode(true);
        steps.add(new Step.Store(LOWER + 8, block | Vmsav8_64Layout.ADDRESS.encodeAddress(Bench.RAM.start())));
        steps.add(new Step.Store(
                LOWER + 16, block | Vmsav8_64Layout.AF.encode(true) | Vmsav8_64Layout.ADDRESS.encodeAddress(TOO_HIGH)));
        steps.add(new Step.Write64(StreamTableRegisters.STRTAB_BASE.offset(), STRTAB));
        steps.add(new Step.Write32(StreamTableRegisters.STRTAB_BASE_CFG.offset(), LOG2_STREAMS));
        steps.add(new Step.Write32(ControlRegisters.CR0.offset(), Player.ENABLED));
    }

    /** The records of a probe as they would be with what they lack. */
    List<Observation.Event> complete(List<Observation.Event> events) {
        return eventClass
                ? events
                : events.stream().map(Capabilities::withClass).toList();
    }

    private static Observation.Event withClass(Observation.Event event) {
        EventId id = event.id();
        if (id == null || !id.layout().has(EventRecord.CLASS)) {
            return event;
        }
        int translated = id == EventId.F_WALK_EABT ? EventRecord.CLASS_TT : EventRecord.CLASS_IN;
        return event.withWord(EventRecord.CLASS.word(), EventRecord.CLASS.put(event.word1(), translated));
    }
}
