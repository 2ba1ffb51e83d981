package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.DeviceTable;
import dev.sva4j.vendor.amd.layout.DeviceTableBase;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import java.util.function.LongUnaryOperator;

/**
 * The device table, with an entry for every device there can be (AMD-Vi 2.2.2). An entry with V = 0 would let everything
 * through, so each is written before hardware sees the table, and none ever has V = 0.
 *
 * <p>Stores are of 64 bits, and hardware may read between any two. So a change is made by the store of one word, with whatever
 * the entry did not use before in place ({@code update_dte256}).
 */
final class DeviceTableMemory {
    private final Unit unit;
    private final TableMemory memory;

    /** DEVTAB_BASE. */
    private final long base;

    /** Held to change a word, never at a wait: set-up calls and untagged traffic change different bits of one. */
    private final Object lock = new Object();

    /** Allocates the table; every device is blocked. */
    DeviceTableMemory(Unit unit, TableMemory memory) {
        this.unit = unit;
        this.memory = memory;
        long bytes = (long) DeviceTable.DEVICES * DeviceTableEntry.LAYOUT.bytes();
        this.base = DeviceTableBase.encode(memory.allocate(bytes, "the device table"), bytes);
        for (int index = 0; index < DeviceTable.DEVICES; index++) {
            memory.store(DeviceTable.entryAddress(base, index), EntryValues.blockedWord0());
        }
    }

    /** DEVTAB_BASE. */
    long base() {
        return base;
    }

    /**
     * Finds the entry of a device.
     *
     * @throws dev.sva4j.api.SvaException RANGE
     */
    long entryAddress(int requester) {
        if (requester < 0 || requester >= DeviceTable.DEVICES) {
            throw unit.refusal(SvaError.RANGE, String.format("0x%x is no DeviceID of 16 bits", requester));
        }
        return DeviceTable.entryAddress(base, requester);
    }

    /** Makes a blocked entry translate: word 0, which makes the others count, comes last. */
    void set(long address, long[] entry) {
        for (int word = entry.length - 1; word >= 0; word--) {
            memory.store(address + (long) word * Long.BYTES, entry[word]);
        }
    }

    /** Blocks an entry. What the other words say does not count any more; it is left until caches have forgotten it. */
    void block(long address) {
        memory.store(address, EntryValues.blockedWord0());
    }

    /** Empties the other words of a blocked entry. */
    void empty(long address) {
        long[] blocked = EntryValues.blocked();
        for (int word = 1; word < blocked.length; word++) {
            memory.store(address + (long) word * Long.BYTES, blocked[word]);
        }
    }

    /** Reads one word. */
    long load(long address, int word) {
        return memory.load(address + (long) word * Long.BYTES);
    }

    /** Changes one word. */
    void change(long address, int word, LongUnaryOperator change) {
        long at = address + (long) word * Long.BYTES;
        synchronized (lock) {
            memory.store(at, change.applyAsLong(memory.load(at)));
        }
    }
}
