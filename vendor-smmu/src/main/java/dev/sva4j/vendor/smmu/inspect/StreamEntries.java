package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.IommuInspector.Entry;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import java.util.List;

/** Puts what stream table entries and context descriptors say into the words of {@link Entry}. Used by one thread. */
final class StreamEntries {
    static final String STAGE_1 = "lpae-stage1";

    private static final String STAGE_1_BIG_ENDIAN = "lpae-stage1-be";
    private static final String STAGE_1_AARCH32 = "aarch32-stage1";
    private static final String STAGE_2 = "lpae-stage2";
    private static final String NESTED = "lpae-nested";

    private final PhysicalMemory memory;
    private final ImageRegisters registers;
    private final EntryList entries = new EntryList(StreamTableReader.TABLE);

    StreamEntries(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.registers = registers;
    }

    /** Adds what an active stream table entry leads to. */
    void add(StreamEntry stream, LookLimit limit) {
        switch (stream.config()) {
            case StreamTableEntry.CONFIG_BYPASS -> add(stream, Pasid.NONE, EntryList.BYPASS, "", 0);
            case StreamTableEntry.CONFIG_S2_TRANSLATE ->
                add(stream, Pasid.NONE, EntryList.TRANSLATED, STAGE_2, stream.stage2Root());
            case StreamTableEntry.CONFIG_NESTED ->
                add(stream, Pasid.NONE, EntryList.TRANSLATED, NESTED, stream.stage2Root());
            default -> addStage1(stream, limit);
        }
    }

    private void addStage1(StreamEntry stream, LookLimit limit) {
        if (stream.log2Contexts() > registers.substreamBits()) {
            add(stream, Pasid.NONE, EntryList.BAD_ENTRY, "", 0);
            return;
        }
        int before = entries.size();
        if (stream.untaggedBypasses()) {
            add(stream, Pasid.NONE, EntryList.BYPASS, "", 0);
        }
        boolean complete = new ContextTableReader(memory, stream)
                .forEachValid(limit, (ssid, context) -> addContext(stream, pasidOf(stream, ssid), context));
        if (entries.size() == before) {
            // With nothing found in a table that is not all there, it may well translate: its mappings are "not in
            // image".
            add(
                    stream,
                    Pasid.NONE,
                    complete ? EntryList.NO_PASID_ENTRY : EntryList.TRANSLATED,
                    complete ? "" : STAGE_1,
                    0);
        }
    }

    private static int pasidOf(StreamEntry stream, int ssid) {
        boolean untagged = stream.log2Contexts() == 0 || (ssid == 0 && stream.untaggedUsesContext0());
        return untagged ? Pasid.NONE : ssid;
    }

    private void addContext(StreamEntry stream, int pasid, ContextEntry context) {
        if (!context.isAarch64()) {
            add(stream, pasid, EntryList.TRANSLATED, STAGE_1_AARCH32, 0);
            return;
        }
        List<ContextTables> tables = context.tables(registers.outputBits());
        if (tables.isEmpty()) {
            add(stream, pasid, EntryList.QUIESCED, "", 0);
        } else if (tables.stream().anyMatch(half -> half.format() == null)) {
            add(stream, pasid, EntryList.BAD_ENTRY, "", 0);
        } else {
            String format = context.isBigEndian() ? STAGE_1_BIG_ENDIAN : STAGE_1;
            add(stream, pasid, EntryList.TRANSLATED, format, tables.get(0).root());
        }
    }

    private void add(StreamEntry stream, int pasid, String kind, String format, long root) {
        entries.add(new Entry(stream.sid(), pasid, kind, format, root));
    }

    List<Entry> toList() {
        return entries.toList();
    }
}
