package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.pagetable.Mapping;
import dev.sva4j.spi.pagetable.PageTableReader;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.vendor.amd.layout.HostPageTableFormat;
import java.util.OptionalLong;

/**
 * How pointers in guest tables are read: as they are without a host page table, else through it (AMD-Vi 2.2.6). That
 * this holds for pointers between levels of the GCR3 table, too, no public source says; it is what guest CR3 values do.
 */
@FunctionalInterface
interface GuestPhysical {

    /**
     * The system physical address; empty if the host does not let it be read.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if a host page table is not in the image
     */
    OptionalLong toSystem(long guestPhysical);

    /** The pointers of a device. */
    static GuestPhysical of(PhysicalMemory memory, DeviceEntry device) {
        if (device.mode() == 0) {
            return OptionalLong::of;
        }
        PageTableReader host = new PageTableReader(
                HostPageTableFormat.reading(device.mode(), device.had()), memory, device.hostRoot());
        return guestPhysical -> {
            Mapping mapping = host.lookup(guestPhysical);
            return mapping != null && mapping.has(Rights.READ)
                    ? OptionalLong.of(mapping.translate(guestPhysical))
                    : OptionalLong.empty();
        };
    }
}
