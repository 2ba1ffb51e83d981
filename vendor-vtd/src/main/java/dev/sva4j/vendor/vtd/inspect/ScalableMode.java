package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.IommuInspector.Entry;
import dev.sva4j.spi.IommuInspector.EntryState;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Scalable mode (VT-d 3.4.3): a context entry leads to a PASID directory, and requests without PASID have a PASID there, too.
 * So the entries of a device are listed under the PASIDs that they stand under.
 */
final class ScalableMode implements TableMode {
    private final PhysicalMemory memory;
    private final ImageRegisters registers;
    private final ContextTableReader contexts;

    ScalableMode(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.registers = registers;
        this.contexts = new ContextTableReader(memory, registers);
    }

    @Override
    public void list(EntryList entries, LookLimit limit) {
        contexts.forEach(limit, (sid, address) -> {
            ScalableContext context = ScalableContext.read(memory, address);
            if (context.isPresent()) {
                list(sid, context, entries, limit);
            } else if (context.isSilent()) {
                entries.add(new Entry(sid, Pasid.NONE, EntryList.QUIESCED, "", 0));
            }
        });
    }

    private void list(int sid, ScalableContext context, EntryList entries, LookLimit limit) {
        if (!context.isSound()) {
            entries.add(new Entry(sid, Pasid.NONE, EntryList.BAD_ENTRY, "", 0));
            return;
        }
        int before = entries.size();
        boolean complete = new PasidTableReader(memory, context)
                .forEach(limit, (pasid, entry) -> entries.add(describe(sid, pasid, entry)));
        if (entries.size() != before) {
            return;
        }
        // With nothing found in tables that are not all there, it may well translate: its mappings are "not in image".
        entries.add(
                complete
                        ? new Entry(sid, Pasid.NONE, EntryList.NO_PASID_ENTRY, "", 0)
                        : new Entry(sid, context.ridPasid(registers), EntryList.TRANSLATED, FIRST_LEVEL, 0));
    }

    private Entry describe(int sid, int pasid, PasidEntry entry) {
        if (!entry.isPresent()) {
            return new Entry(sid, pasid, EntryList.QUIESCED, "", 0);
        }
        String kind = entry.kind(registers);
        return kind.equals(EntryList.BAD_ENTRY)
                ? new Entry(sid, pasid, kind, "", 0)
                : new Entry(sid, pasid, kind, entry.format(), entry.root());
    }

    @Override
    public @Nullable PageTables tables(int requester, int pasid) {
        ScalableContext context = find(requester);
        if (context == null || !isUsable(context) || pasid == Pasid.NONE || !context.holds(pasid)) {
            return null;
        }
        PasidTableReader.Found found = new PasidTableReader(memory, context).find(pasid);
        return found.isPresent() ? found.entry().tables(registers) : null;
    }

    @Override
    public EntryState state(int requester, int pasid) {
        ScalableContext context = find(requester);
        if (context == null) {
            return EntryState.EMPTY;
        }
        boolean silent = context.isSilent();
        if (!isUsable(context) || isRefused(context, pasid)) {
            return silent ? EntryState.QUIESCED : EntryState.EMPTY;
        }
        int index = pasid == Pasid.NONE ? context.ridPasid(registers) : pasid;
        PasidTableReader.Found found = new PasidTableReader(memory, context).find(index);
        if (found.isPresent() && !found.entry().kind(registers).equals(EntryList.BAD_ENTRY)) {
            return EntryState.LIVE;
        }
        return silent || found.isSilent() ? EntryState.QUIESCED : EntryState.EMPTY;
    }

    /** To our half an entry which asks for what it lacks is faulty; to say so of the machine would be wrong. */
    @Override
    public String explain(String fault, int requester, int pasid) {
        if (fault.equals(FaultReason.SCT_3.label())) {
            ScalableContext context = find(requester);
            boolean asksForMore = context != null
                    && context.translatesTagged()
                    && ExtendedCapabilityRegister.PTRS.isSet(registers.ecap());
            return asksForMore ? "not modelled: translated requests with PASID" : fault;
        }
        if (fault.equals(FaultReason.SPT_4.label())) {
            ScalableContext context = find(requester);
            return context != null && isNested(context, pasid) ? "not modelled: nested translation" : fault;
        }
        // A fault of the tables above leaves nothing here to look at.
        return fault;
    }

    private boolean isNested(ScalableContext context, int pasid) {
        int index = pasid == Pasid.NONE ? context.ridPasid(registers) : pasid;
        PasidEntry entry = new PasidTableReader(memory, context).find(index).entry();
        return entry.format().equals(NESTED) && entry.kind(registers).equals(EntryList.TRANSLATED);
    }

    private static boolean isUsable(ScalableContext context) {
        return context.isPresent() && context.isSound();
    }

    /** Whether the context entry alone refuses the request: SCT.6, SCT.7, SCT.9, or SCT.4 for its RID_PASID. */
    private boolean isRefused(ScalableContext context, int pasid) {
        int ridPasid = context.ridPasid(registers);
        if (pasid == Pasid.NONE) {
            return !context.holds(ridPasid);
        }
        return !context.takesPasids() || !context.holds(pasid) || pasid == ridPasid;
    }

    private @Nullable ScalableContext find(int requester) {
        OptionalLong address = contexts.find(requester);
        return address.isPresent() ? ScalableContext.read(memory, address.getAsLong()) : null;
    }
}
