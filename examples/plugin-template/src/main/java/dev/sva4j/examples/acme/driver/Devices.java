package dev.sva4j.examples.acme.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.examples.acme.layout.Command;
import dev.sva4j.examples.acme.layout.DeviceTable;
import dev.sva4j.examples.acme.layout.PasidTable;
import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries of devices and PASIDs. Whatever changes goes: store, invalidate the entry, invalidate what was got through it, WAIT.
 * Only then is anything freed.
 */
final class Devices {
    private final Unit unit;
    private final TableMemory memory;
    private final Commands commands;
    /** By requester. Any thread; core serialises the set-up calls for one device. */
    private final Map<Integer, Device> devices = new ConcurrentHashMap<>();
    /** Set by {@link #start}, before any other call. */
    private long table;

    Devices(Unit unit, TableMemory memory, Commands commands) {
        this.unit = unit;
        this.memory = memory;
        this.commands = commands;
    }

    void start() {
        table = memory.allocate(DeviceTable.BYTES, "the device table");
        unit.write(Registers.DEVICE_TABLE, Registers.ADDRESS.encodeAddress(table));
    }

    Device get(int requester) {
        Device device = devices.get(requester);
        if (device == null) {
            throw unit.refusal(SvaError.NO_DEVICE, String.format("device 0x%x is not attached", requester));
        }
        return device;
    }

    void attach(DeviceAttachment attachment) {
        int requester = attachment.requester();
        if (!DeviceTable.contains(requester)) {
            throw unit.refusal(
                    SvaError.RANGE,
                    String.format(
                            "requester 0x%x is beyond the %d of the device table", requester, DeviceTable.ENTRIES));
        } else if (devices.containsKey(requester)) {
            throw unit.refusal(SvaError.EXISTS, get(requester) + " is attached");
        }
        Device device = new Device(attachment, memory.allocate(PasidTable.BYTES, "a PASID table"));
        devices.put(requester, device);
        store(device, DeviceTable.entry(device.pasids()));
    }

    /** If hardware does not answer in time the table is freed with everything else, in close. */
    void detach(int requester) {
        Device device = get(requester);
        devices.remove(requester);
        store(device, 0);
        memory.free(device.pasids());
    }

    private void store(Device device, long entry) {
        memory.store(DeviceTable.entryAddress(table, device.requester()), entry);
        commands.execute(CommandBatch.of(Command.invalidateDevice(device.requester()), 0));
    }

    /** Refuses what {@link #translate} could not do; changes nothing. */
    void check(Device device, int pasid) {
        int bits = Math.min(device.attachment().pasidBits(), PasidTable.BITS);
        if (!PasidTable.contains(pasid, bits)) {
            throw unit.refusal(SvaError.RANGE, device + " has PASIDs of " + bits + " bits from 1 on, not " + pasid);
        } else if (device.contexts().containsKey(pasid)) {
            throw unit.refusal(SvaError.EXISTS, device + " has an entry for PASID " + pasid + "; clear it first");
        }
    }

    /** Makes an entry translate. */
    void translate(Device device, int index, AcmeContext context, boolean stall) {
        if (stall && !device.attachment().stall()) {
            throw unit.refusal(SvaError.INVALID, device + " was not attached as one that can stall");
        }
        change(device, index, PasidTable.translated(context.root(), context.number(), stall), context);
    }

    /** Silence in one store. What it was stays known, for caches are told of it again when the entry is emptied. */
    void quiesce(Device device, int index) {
        AcmeContext context = device.contexts().get(index);
        if (context == null) {
            throw unit.refusal(SvaError.NOT_FOUND, device + " has no entry " + index);
        }
        store(device, index, PasidTable.MODE.encode(PasidTable.QUIET), context);
    }

    /** Empties an entry, or makes it one that has no tables. */
    void clear(Device device, int index, int mode) {
        change(device, index, PasidTable.MODE.encode(mode), null);
    }

    private void change(Device device, int index, long entry, @Nullable AcmeContext next) {
        AcmeContext old;
        if (next == null) {
            old = device.contexts().remove(index);
        } else {
            // Before hardware can see the entry.
            next.enter();
            old = device.contexts().put(index, next);
        }
        store(device, index, entry, old);
        if (old != null) {
            // Not reached when hardware was not in time: then caches may still know it.
            old.leave();
        }
    }

    private void store(Device device, int index, long entry, @Nullable AcmeContext old) {
        memory.store(PasidTable.entryAddress(device.pasids(), index), entry);
        CommandBatch batch = CommandBatch.of(Command.invalidatePasid(device.requester(), index), 0);
        if (old != null) {
            batch.add(Command.invalidateRange(old.number()), Command.block(0, -1));
        }
        commands.execute(batch);
    }
}
