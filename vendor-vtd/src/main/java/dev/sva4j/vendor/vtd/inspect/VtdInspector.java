package dev.sva4j.vendor.vtd.inspect;

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
import java.util.List;

/** Reads the tables of one remapping unit. */
final class VtdInspector implements IommuInspector {
    private final PhysicalMemory memory;
    private final TableMode mode;
    private final HardwareReading hardware;

    VtdInspector(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.hardware = ImageHardware.of(memory, registers);
        this.mode = registers.isScalable() ? new ScalableMode(memory, registers) : new LegacyMode(memory, registers);
    }

    @Override
    public List<Entry> entries() {
        EntryList entries = new EntryList(ImageRegisters.TABLE);
        mode.list(entries, new LookLimit(ImageRegisters.TABLE));
        return entries.toList();
    }

    @Override
    public void mappings(Entry entry, LeafVisitor visitor) {
        if (!entry.kind().equals(EntryList.TRANSLATED)) {
            return;
        }
        String owner = owner(entry.requester(), entry.pasid());
        if (entry.format().equals(TableMode.NESTED)) {
            throw new SvaException(
                    SvaError.UNSUPPORTED,
                    String.format("%s: mappings of nested tables are not listed, only those of one stage", owner));
        }
        PageTables tables;
        try {
            tables = mode.tables(entry.requester(), entry.pasid());
        } catch (MemoryAbortException missing) {
            // What would say how wide addresses are is not there; the widest table covers them all.
            visitor.notInImage(0, 1L << 57, missing.address());
            return;
        }
        if (tables != null) {
            new LeafReader(tables.format(), memory, tables.root(), tables.rights())
                    .visit(0, tables.last(), 0, owner, visitor);
        }
    }

    @Override
    public Answer translate(int requester, int pasid, long address, Access access) {
        Answer answer = hardware.translate(requester, pasid, address, access);
        String fault = answer.fault();
        return fault == null ? answer : new Answer(0, mode.explain(fault, requester, pasid));
    }

    @Override
    public EntryState state(int requester, int pasid) {
        try {
            return mode.state(requester, pasid);
        } catch (MemoryAbortException missing) {
            throw new SvaException(
                    SvaError.NOT_FOUND,
                    String.format(
                            "the entry of %s is not in the image: %s", owner(requester, pasid), missing.getMessage()),
                    missing);
        }
    }

    private static String owner(int requester, int pasid) {
        return String.format(
                "requester 0x%x, PASID %s", requester, pasid == Pasid.NONE ? "-" : Integer.toString(pasid));
    }
}
