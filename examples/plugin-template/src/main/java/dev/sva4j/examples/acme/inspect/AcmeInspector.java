package dev.sva4j.examples.acme.inspect;

import dev.sva4j.api.Access;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.examples.acme.hardware.AcmeHardware;
import dev.sva4j.examples.acme.layout.DeviceTable;
import dev.sva4j.examples.acme.layout.Event;
import dev.sva4j.examples.acme.layout.PasidTable;
import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.spi.inspect.HardwareReading;
import dev.sva4j.spi.inspect.ImageHost;
import dev.sva4j.spi.inspect.LeafReader;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.spi.pagetable.X86_64;
import java.util.List;

/** Reads the tables of one unit. Requests are answered by the hardware half, in front of the same memory. */
final class AcmeInspector implements IommuInspector {
    private final PhysicalMemory memory;
    private final long table;
    private final HardwareReading hardware = new HardwareReading(this::startHardware, AcmeInspector::faultName);

    AcmeInspector(PhysicalMemory memory, long deviceTable) {
        this.memory = memory;
        this.table = Registers.ADDRESS.getAddress(deviceTable);
    }

    private DirectTranslation startHardware() {
        IommuHardware unit = new AcmeHardware(new ImageHost(memory));
        unit.registers().write64(Registers.DEVICE_TABLE.offset(), Registers.ADDRESS.encodeAddress(table));
        unit.registers().write64(Registers.CONTROL.offset(), Registers.ENABLE.encode(true));
        return unit.directTranslation().orElseThrow();
    }

    private static String faultName(int code) {
        if (code == AcmeHardware.QUIET) {
            return EntryList.QUIESCED;
        }
        return code == Event.WALK_ABORT ? HardwareReading.NOT_IN_DUMP : Event.name(code);
    }

    @Override
    public List<Entry> entries() {
        EntryList entries = new EntryList("the device table");
        PresentEntries.forEach(memory, table, DeviceTable.BYTES, Long.BYTES, address -> {
            long device = memory.loadAcquire(address);
            if (DeviceTable.V.isSet(device)) {
                addEntries(entries, (int) ((address - table) / Long.BYTES), DeviceTable.PASIDS.getAddress(device));
            }
            return true;
        });
        return entries.toList();
    }

    private void addEntries(EntryList entries, int requester, long pasids) {
        PresentEntries.forEach(memory, pasids, PasidTable.BYTES, Long.BYTES, address -> {
            long entry = memory.loadAcquire(address);
            int pasid = PasidTable.pasid((int) ((address - pasids) / Long.BYTES));
            switch ((int) PasidTable.MODE.get(entry)) {
                case PasidTable.TRANSLATED ->
                    entries.add(new Entry(
                            requester,
                            pasid,
                            EntryList.TRANSLATED,
                            X86_64.FOUR_LEVELS.name(),
                            PasidTable.ROOT.getAddress(entry)));
                case PasidTable.IDENTITY -> entries.add(new Entry(requester, pasid, EntryList.PASS_THROUGH, "", 0));
                case PasidTable.QUIET -> entries.add(new Entry(requester, pasid, EntryList.QUIESCED, "", 0));
                default -> {}
            }
            return true;
        });
    }

    @Override
    public void mappings(Entry entry, LeafVisitor visitor) {
        if (entry.kind().equals(EntryList.TRANSLATED)) {
            String owner = String.format("requester 0x%x, PASID %d", entry.requester(), entry.pasid());
            new LeafReader(X86_64.FOUR_LEVELS, memory, entry.root(), AcmeInspector::rights)
                    .visit(0, -1, 0, owner, visitor);
        }
    }

    /** Requests have no privileges: without U/S there is nothing. */
    private static int rights(int attributes) {
        return (attributes & Rights.USER) != 0 ? attributes & Rights.ALL : Rights.NONE;
    }

    @Override
    public Answer translate(int requester, int pasid, long address, Access access) {
        return hardware.translate(requester, pasid, address, access);
    }

    @Override
    public EntryState state(int requester, int pasid) {
        int index = PasidTable.index(pasid);
        if (!DeviceTable.contains(requester) || index >= PasidTable.ENTRIES) {
            return EntryState.EMPTY;
        }
        try {
            long device = memory.loadAcquire(DeviceTable.entryAddress(table, requester));
            if (!DeviceTable.V.isSet(device)) {
                return EntryState.EMPTY;
            }
            long entry = memory.loadAcquire(PasidTable.entryAddress(DeviceTable.PASIDS.getAddress(device), index));
            return switch ((int) PasidTable.MODE.get(entry)) {
                case PasidTable.TRANSLATED -> EntryState.LIVE;
                case PasidTable.QUIET -> EntryState.QUIESCED;
                default -> EntryState.EMPTY;
            };
        } catch (MemoryAbortException missing) {
            throw new SvaException(
                    SvaError.NOT_FOUND,
                    String.format("requester 0x%x, PASID %d: %s", requester, pasid, missing.getMessage()),
                    missing);
        }
    }
}
