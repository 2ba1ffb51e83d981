package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.IommuInspector.Entry;
import dev.sva4j.spi.IommuInspector.EntryState;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.spi.inspect.HardwareReading;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.vendor.vtd.layout.AddressWidth;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.LegacyContextEntry;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Legacy mode (VT-d 3.4.2): a context entry leads to the second stage; there are no PASIDs. */
final class LegacyMode implements TableMode {
    private final PhysicalMemory memory;
    private final ImageRegisters registers;
    private final ContextTableReader contexts;

    LegacyMode(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.registers = registers;
        this.contexts = new ContextTableReader(memory, registers);
    }

    @Override
    public void list(EntryList entries, LookLimit limit) {
        contexts.forEach(limit, (sid, address) -> {
            Context context = read(address);
            if (context.isPresent()) {
                entries.add(new Entry(sid, Pasid.NONE, kind(context), format(context), root(context)));
            } else if (context.isSilent()) {
                entries.add(new Entry(sid, Pasid.NONE, EntryList.QUIESCED, "", 0));
            }
        });
    }

    private String kind(Context context) {
        if (context.passesThrough()) {
            return EntryList.PASS_THROUGH;
        }
        return translates(context) ? EntryList.TRANSLATED : EntryList.BAD_ENTRY;
    }

    private String format(Context context) {
        return translates(context) ? SECOND_LEVEL : "";
    }

    private long root(Context context) {
        return translates(context) ? context.root() : 0;
    }

    private boolean translates(Context context) {
        long tt = context.tt();
        return (tt == LegacyContextEntry.TT_UNTRANSLATED_ONLY || tt == LegacyContextEntry.TT_ALL)
                && ImageRegisters.isHostAddress(context.root())
                && AddressWidth.isValid(context.aw())
                && CapabilityRegister.supportsWidth(registers.cap(), (int) context.aw());
    }

    @Override
    public @Nullable PageTables tables(int requester, int pasid) {
        Context context = pasid == Pasid.NONE ? find(requester) : null;
        return context == null || !context.isPresent() || !translates(context)
                ? null
                : PageTables.second(context.root(), context.aw(), false, registers);
    }

    @Override
    public EntryState state(int requester, int pasid) {
        Context context = pasid == Pasid.NONE ? find(requester) : null;
        if (context == null) {
            return EntryState.EMPTY;
        }
        if (context.isPresent() && (context.passesThrough() || translates(context))) {
            return EntryState.LIVE;
        }
        return context.isSilent() ? EntryState.QUIESCED : EntryState.EMPTY;
    }

    @Override
    public String explain(String fault, int requester, int pasid) {
        // LCT.4 is an invalid entry, or a page table at SSPTPTR that could not be read.
        return fault.equals(FaultReason.LCT_4.label()) && tables(requester, pasid) != null
                ? HardwareReading.NOT_IN_DUMP
                : fault;
    }

    private @Nullable Context find(int requester) {
        OptionalLong address = contexts.find(requester);
        return address.isPresent() ? read(address.getAsLong()) : null;
    }

    private Context read(long address) {
        return new Context(memory.loadAcquire(address), memory.loadAcquire(address + Long.BYTES));
    }

    private record Context(long word0, long word1) {
        boolean isPresent() {
            return LegacyContextEntry.P.isSet(word0);
        }

        boolean isSilent() {
            return LegacyContextEntry.FPD.isSet(word0);
        }

        boolean passesThrough() {
            return tt() == LegacyContextEntry.TT_PASS_THROUGH;
        }

        long tt() {
            return LegacyContextEntry.TT.get(word0);
        }

        long aw() {
            return LegacyContextEntry.AW.get(word1);
        }

        long root() {
            return LegacyContextEntry.SSPTPTR.getAddress(word0);
        }
    }
}
