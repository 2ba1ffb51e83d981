package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.api.Access;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.spi.inspect.HardwareReading;
import dev.sva4j.spi.inspect.LookLimit;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the tables of one IOMMU. */
final class AmdInspector implements IommuInspector {
    private static final String HOST = "amd-v1";
    private static final String GUEST = "amd-v2";
    private static final String NESTED = "amd-nested";

    private final PhysicalMemory memory;
    private final ImageRegisters registers;
    private final DeviceTableReader devices;
    private final HardwareReading hardware;

    AmdInspector(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.registers = registers;
        this.devices = new DeviceTableReader(memory, registers);
        this.hardware = ImageHardware.of(memory, registers);
    }

    @Override
    public List<Entry> entries() {
        EntryList entries = new EntryList(ImageRegisters.TABLE);
        LookLimit limit = new LookLimit(ImageRegisters.TABLE);
        devices.forEach(limit, (deviceId, device) -> list(deviceId, device, entries, limit));
        return entries.toList();
    }

    private void list(int deviceId, DeviceEntry device, EntryList entries, LookLimit limit) {
        if (!device.isValid()) {
            entries.add(new Entry(deviceId, Pasid.NONE, EntryList.PASS_THROUGH, "", 0));
            return;
        }
        if (device.isBad(registers)) {
            entries.add(new Entry(deviceId, Pasid.NONE, EntryList.BAD_ENTRY, "", 0));
            return;
        }
        if (device.isBlocked()) {
            return;
        }
        if (!device.untaggedIsPasid0()) {
            entries.add(
                    device.mode() == 0
                            ? new Entry(deviceId, Pasid.NONE, EntryList.PASS_THROUGH, "", 0)
                            : new Entry(deviceId, Pasid.NONE, EntryList.TRANSLATED, HOST, device.hostRoot()));
        }
        if (device.hasGuests()) {
            listGuests(deviceId, device, entries, limit);
        }
    }

    private void listGuests(int deviceId, DeviceEntry device, EntryList entries, LookLimit limit) {
        String format = device.mode() == 0 ? GUEST : NESTED;
        int before = entries.size();
        boolean complete;
        try {
            complete = gcr3Table(device)
                    .forEach(
                            limit,
                            (pasid, root) ->
                                    entries.add(new Entry(deviceId, pasid, EntryList.TRANSLATED, format, root)));
        } catch (MemoryAbortException hostTableMissing) {
            complete = false;
        }
        if (entries.size() != before) {
            return;
        }
        if (!complete) {
            // With nothing found in tables that are not all there, it may well translate: its mappings are "not in
            // image".
            entries.add(new Entry(deviceId, 0, EntryList.TRANSLATED, format, 0));
        } else if (device.untaggedIsPasid0()) {
            entries.add(new Entry(deviceId, Pasid.NONE, EntryList.NO_PASID_ENTRY, "", 0));
        }
    }

    private Gcr3TableReader gcr3Table(DeviceEntry device) {
        return new Gcr3TableReader(memory, device, GuestPhysical.of(memory, device), registers.rootIsGuestPhysical());
    }

    @Override
    public void mappings(Entry entry, LeafVisitor visitor) {
        if (!entry.kind().equals(EntryList.TRANSLATED)) {
            return;
        }
        String owner = owner(entry.requester(), entry.pasid());
        if (entry.format().equals(NESTED)) {
            throw new SvaException(
                    SvaError.UNSUPPORTED,
                    String.format("%s: mappings of nested tables are not listed, only those of one stage", owner));
        }
        PageTables tables;
        try {
            tables = tables(entry.requester(), entry.pasid());
        } catch (MemoryAbortException missing) {
            // What would say how wide addresses are is not there; the widest guest table covers them all.
            visitor.notInImage(0, 1L << 57, missing.address());
            return;
        }
        if (tables != null) {
            tables.visit(owner, visitor);
        }
    }

    private @Nullable PageTables tables(int requester, int pasid) {
        DeviceEntry device = devices.find(requester);
        if (device == null || !device.isValid() || device.isBad(registers) || device.isBlocked()) {
            return null;
        }
        if (pasid == Pasid.NONE) {
            return device.mode() == 0 || device.untaggedIsPasid0() ? null : PageTables.host(memory, device);
        }
        if (!device.hasGuests() || device.mode() != 0) {
            return null;
        }
        OptionalLong root = gcr3Table(device).find(pasid);
        return root.isPresent() ? PageTables.guest(memory, device, root.getAsLong(), pasid, registers) : null;
    }

    @Override
    public Answer translate(int requester, int pasid, long address, Access access) {
        return hardware.translate(requester, pasid, address, access);
    }

    @Override
    public EntryState state(int requester, int pasid) {
        try {
            DeviceEntry device = devices.find(requester);
            if (device == null) {
                return EntryState.EMPTY;
            }
            if (!device.isValid()) {
                return EntryState.LIVE;
            }
            // An illegal entry is logged whatever SA says.
            if (device.isBad(registers)) {
                return EntryState.EMPTY;
            }
            if (isLive(device, pasid)) {
                return EntryState.LIVE;
            }
            return device.isSilent() ? EntryState.QUIESCED : EntryState.EMPTY;
        } catch (MemoryAbortException missing) {
            throw new SvaException(
                    SvaError.NOT_FOUND,
                    String.format(
                            "the entry of %s is not in the image: %s", owner(requester, pasid), missing.getMessage()),
                    missing);
        }
    }

    /**
     * Whether any request can get through. To hardware an entry that leads to a table with nothing in it is as good
     * as none, and a driver that quiesces a PASID may leave such a table behind.
     */
    private boolean isLive(DeviceEntry device, int pasid) {
        if (device.isBlocked()) {
            return false;
        }
        if (pasid == Pasid.NONE && !device.untaggedIsPasid0()) {
            return device.mode() == 0 || PageTables.host(memory, device).hasEntries();
        }
        if (!device.hasGuests()) {
            return false;
        }
        int index = pasid == Pasid.NONE ? 0 : pasid;
        OptionalLong root = gcr3Table(device).find(index);
        if (root.isEmpty()) {
            return false;
        }
        return device.mode() != 0
                || PageTables.guest(memory, device, root.getAsLong(), index, registers)
                        .hasEntries();
    }

    private static String owner(int requester, int pasid) {
        return String.format("device 0x%x, PASID %s", requester, pasid == Pasid.NONE ? "-" : Integer.toString(pasid));
    }
}
