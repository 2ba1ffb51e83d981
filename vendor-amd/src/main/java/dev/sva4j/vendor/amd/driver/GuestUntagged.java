package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.Pasid;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;

/**
 * With guest translation, requests without PASID are PASID 0 (DTE.GIoV), whose entry makes them translated, or blocked if it is
 * not valid; or they pass, with GIoV = 0. Requests with a PASID notice nothing. Host page tables would be nested, so there are none.
 */
final class GuestUntagged implements UntaggedEntries {
    private final DeviceTableMemory table;
    private final Caches caches;
    private final Gcr3Entries entries;

    GuestUntagged(DeviceTableMemory table, Caches caches, Gcr3Entries entries) {
        this.table = table;
        this.caches = caches;
        this.entries = entries;
    }

    @Override
    public void block(Device device) {
        if (device.bonds().containsKey(Pasid.NONE)) {
            entries.clear(device, Pasid.NONE);
        } else if (!DeviceTableEntry.GIOV.isSet(table.load(device.entry(), 0))) {
            table.change(device.entry(), 0, word0 -> EntryValues.withUntagged(word0, true));
            caches.deviceEntryAndUntagged(device, device.domainId());
        }
    }

    @Override
    public void pass(Device device) {
        table.change(device.entry(), 0, word0 -> EntryValues.withUntagged(word0, false));
        caches.deviceEntry(device);
    }

    @Override
    public void reserve(Device device, AmdContext context) {
        entries.reserve(device, Pasid.NONE);
    }

    @Override
    public void translate(Device device, AmdContext context) {
        entries.set(device, Pasid.NONE, context, false);
    }

    @Override
    public void quiesce(Device device) {
        entries.quiesce(device, Pasid.NONE);
    }
}
