package dev.sva4j.cli.image;

import dev.sva4j.spi.IommuInspector.Entry;
import java.util.List;

/**
 * What the tables say for one device, or device and PASID.
 *
 * @param note why mappings are not listed; empty if they are
 */
record EntryReport(Entry entry, List<MappingRun> mappings, List<UnknownRange> unknown, String note) {
    EntryReport {
        mappings = List.copyOf(mappings);
        unknown = List.copyOf(unknown);
    }
}
