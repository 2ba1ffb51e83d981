package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.vendor.amd.layout.DeviceTable;
import dev.sva4j.vendor.amd.layout.DeviceTableBase;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import org.jspecify.annotations.Nullable;

/** Finds device table entries (AMD-Vi 2.2.2). */
final class DeviceTableReader {
    private static final int ENTRY_BYTES = DeviceTableEntry.LAYOUT.bytes();

    private final PhysicalMemory memory;
    private final ImageRegisters registers;

    DeviceTableReader(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.registers = registers;
    }

    /** Receives entries. */
    @FunctionalInterface
    interface Visitor {
        void entry(int deviceId, DeviceEntry entry);
    }

    /** Visits the entries in the image, in ascending order of DeviceIDs. */
    void forEach(LookLimit limit, Visitor visitor) {
        for (int segment = 0; segment < registers.deviceTables().size(); segment++) {
            forEach(segment, limit, visitor);
        }
    }

    private void forEach(int segment, LookLimit limit, Visitor visitor) {
        long base = registers.deviceTables().get(segment);
        long table = DeviceTableBase.DEV_TAB_BASE.getAddress(base);
        int devices = DeviceTable.DEVICES / registers.deviceTables().size();
        int entries = Math.min(DeviceTableBase.entries(base), devices);
        PresentEntries.forEach(memory, table, (long) entries * ENTRY_BYTES, ENTRY_BYTES, address -> {
            limit.spend(1);
            int index = (int) ((address - table) / ENTRY_BYTES);
            visitor.entry(
                    DeviceTable.deviceId(segment, index, registers.segmentsEn()), DeviceEntry.read(memory, address));
            return true;
        });
    }

    /**
     * The entry of a device; null if the table has none.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if it is not in the image
     */
    @Nullable
    DeviceEntry find(int deviceId) {
        if (deviceId < 0 || deviceId >= DeviceTable.DEVICES) {
            return null;
        }
        long base = registers.deviceTables().get(DeviceTable.segment(deviceId, registers.segmentsEn()));
        int index = DeviceTable.index(deviceId, registers.segmentsEn());
        return DeviceTable.contains(base, index)
                ? DeviceEntry.read(memory, DeviceTable.entryAddress(base, index))
                : null;
    }
}
