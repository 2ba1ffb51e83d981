package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.TagAllocator;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.HostPageTableFormat;
import org.jspecify.annotations.Nullable;

/** Without guest translation the device table entry itself has the page table of requests without PASID. */
final class HostUntagged implements UntaggedEntries {
    private final Unit unit;
    private final DeviceTableMemory table;
    private final Caches caches;
    private final Quiesce quiesce;
    private final TagAllocator domains;

    HostUntagged(Unit unit, DeviceTableMemory table, Caches caches, Quiesce quiesce, TagAllocator domains) {
        this.unit = unit;
        this.table = table;
        this.caches = caches;
        this.quiesce = quiesce;
        this.domains = domains;
    }

    @Override
    public void block(Device device) {
        Bond bond = device.bonds().get(Pasid.NONE);
        if (bond == null && EntryValues.isBlocked(table.load(device.entry(), 0))) {
            return;
        }
        table.block(device.entry());
        caches.deviceEntryAndUntagged(device, domainId(device, bond));
        table.empty(device.entry());
        if (bond != null) {
            device.bonds().remove(Pasid.NONE);
            if (bond.context().bonds().remove(bond)) {
                domains.free(bond.context().domainId());
            }
        }
    }

    private static int domainId(Device device, @Nullable Bond bond) {
        return bond == null ? device.domainId() : bond.context().domainId();
    }

    @Override
    public void pass(Device device) {
        table.set(device.entry(), EntryValues.passThrough(device.domainId()));
        caches.deviceEntry(device);
    }

    @Override
    public void reserve(Device device, AmdContext context) {
        format(context);
    }

    @Override
    public void translate(Device device, AmdContext context) {
        HostPageTableFormat format = format(context);
        Bond bond = new Bond(device, Pasid.NONE, context);
        context.bonds().add(bond);
        device.bonds().put(Pasid.NONE, bond);
        table.set(device.entry(), EntryValues.host(format, context.root(), context.domainId()));
        caches.deviceEntry(device);
    }

    private HostPageTableFormat format(AmdContext context) {
        if (context.format() instanceof HostPageTableFormat format) {
            return format;
        }
        throw unit.refusal(SvaError.UNSUPPORTED, context + " is no host page table");
    }

    @Override
    public void quiesce(Device device) {
        Bond bond = device.bonds().get(Pasid.NONE);
        if (bond == null) {
            throw unit.refusal(SvaError.NOT_FOUND, "untagged traffic of " + device + " is not translated");
        }
        if (quiesce.clears()) {
            table.block(device.entry());
        } else {
            table.change(device.entry(), 0, word0 -> EntryValues.withHostRoot(word0, quiesce.dummyRoot()));
        }
        caches.deviceEntryAndUntagged(device, bond.context().domainId());
    }
}
