package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.api.Access;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.spi.inspect.HardwareReading;
import dev.sva4j.spi.inspect.LeafReader;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the tables of one SMMU. */
final class SmmuInspector implements IommuInspector {
    private static final String BAD_STREAM = EventId.C_BAD_STE.name();
    private static final String BAD_CONTEXT = EventId.C_BAD_CD.name();

    private final PhysicalMemory memory;
    private final ImageRegisters registers;
    private final StreamTableReader streams;
    private final HardwareReading hardware;
    private final ModelLimits limits;

    SmmuInspector(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.registers = registers;
        this.streams = new StreamTableReader(memory, registers);
        this.hardware = ImageHardware.of(memory, registers);
        this.limits = new ModelLimits(registers.ids());
    }

    @Override
    public List<Entry> entries() {
        StreamEntries entries = new StreamEntries(memory, registers);
        LookLimit limit = new LookLimit(StreamTableReader.TABLE);
        streams.forEachActive(limit, stream -> entries.add(stream, limit));
        return entries.toList();
    }

    @Override
    public void mappings(Entry entry, LeafVisitor visitor) {
        if (!entry.kind().equals(EntryList.TRANSLATED)) {
            return;
        }
        if (!entry.format().equals(StreamEntries.STAGE_1)) {
            throw new SvaException(
                    SvaError.UNSUPPORTED,
                    String.format(
                            "StreamID 0x%x: mappings of %s tables are not listed, only those of %s",
                            entry.requester(), entry.format(), StreamEntries.STAGE_1));
        }
        ContextEntry context;
        try {
            context = findContext(entry.requester(), entry.pasid());
        } catch (MemoryAbortException missing) {
            // What would say how wide addresses are is not there; the widest that a TTB has covers them all.
            visitor.notInImage(0, 1L << 52, missing.address());
            return;
        }
        if (context == null || !context.isValid()) {
            return;
        }
        for (ContextTables half : context.tables(registers.outputBits())) {
            if (half.format() != null) {
                visit(entry, half, half.format(), visitor);
            }
        }
    }

    private void visit(Entry entry, ContextTables half, ContextFormat format, LeafVisitor visitor) {
        String owner = String.format("StreamID 0x%x, PASID %s", entry.requester(), pasidText(entry.pasid()));
        new LeafReader(format, memory, half.root(), format::rights)
                .visit(0, format.lowLast(), half.firstAddress(), owner, visitor);
    }

    private @Nullable ContextEntry findContext(int requester, int pasid) {
        StreamEntry stream = streams.find(requester);
        if (stream == null || !stream.isValid() || stream.config() != StreamTableEntry.CONFIG_S1_TRANSLATE) {
            return null;
        }
        return findContext(stream, pasid);
    }

    /** The descriptor that requests of this stream use (IHI 0070 §5.2, S1DSS); null if they use none. */
    private @Nullable ContextEntry findContext(StreamEntry stream, int pasid) {
        ContextTableReader contexts = new ContextTableReader(memory, stream);
        if (stream.log2Contexts() == 0) {
            return pasid == Pasid.NONE ? contexts.find(0) : null;
        }
        if (pasid == Pasid.NONE) {
            return stream.untaggedUsesContext0() ? contexts.find(0) : null;
        }
        return pasid == 0 && stream.untaggedUsesContext0() ? null : contexts.find(pasid);
    }

    @Override
    public Answer translate(int requester, int pasid, long address, Access access) {
        Answer answer = hardware.translate(requester, pasid, address, access);
        String limit = null;
        if (BAD_STREAM.equals(answer.fault())) {
            StreamEntry stream = streams.find(requester);
            limit = stream == null ? null : limits.reasonToRefuse(stream);
        } else if (BAD_CONTEXT.equals(answer.fault())) {
            ContextEntry context = findContext(requester, pasid);
            limit = context == null ? null : limits.reasonToRefuse(context);
        }
        return limit == null ? answer : new Answer(0, "not modelled: " + limit);
    }

    @Override
    public EntryState state(int requester, int pasid) {
        try {
            StreamEntry stream = streams.find(requester);
            if (stream == null || !stream.isValid()) {
                return EntryState.EMPTY;
            }
            return switch (stream.config()) {
                case StreamTableEntry.CONFIG_BYPASS -> pasid == Pasid.NONE ? EntryState.LIVE : EntryState.EMPTY;
                case StreamTableEntry.CONFIG_S1_TRANSLATE -> stateOfContext(stream, pasid);
                case StreamTableEntry.CONFIG_S2_TRANSLATE, StreamTableEntry.CONFIG_NESTED -> EntryState.LIVE;
                // Config 0xx: every access aborts, and nothing is recorded.
                default -> EntryState.QUIESCED;
            };
        } catch (MemoryAbortException missing) {
            throw new SvaException(
                    SvaError.NOT_FOUND,
                    String.format(
                            "the entry of StreamID 0x%x, PASID %s is not in the image: %s",
                            requester, pasidText(pasid), missing.getMessage()),
                    missing);
        }
    }

    private EntryState stateOfContext(StreamEntry stream, int pasid) {
        if (pasid == Pasid.NONE && stream.untaggedBypasses()) {
            return EntryState.LIVE;
        }
        ContextEntry context = findContext(stream, pasid);
        if (context == null || !context.isValid()) {
            return EntryState.EMPTY;
        }
        if (!context.walksNothing()) {
            return EntryState.LIVE;
        }
        return context.faultsInSilence() ? EntryState.QUIESCED : EntryState.EMPTY;
    }

    private static String pasidText(int pasid) {
        return pasid == Pasid.NONE ? "-" : Integer.toString(pasid);
    }
}
