package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.StructLayout;
import java.util.List;
import java.util.stream.Stream;

/** Every structure in memory, for documentation tables and for tests that hold for all of them. */
public final class Layouts {

    /** Tables first, then commands and events by number, then page requests. */
    public static final List<StructLayout> ALL = Stream.of(
                    Stream.of(
                            L1StreamTableDescriptor.LAYOUT,
                            StreamTableEntry.LAYOUT,
                            L1ContextDescriptor.LAYOUT,
                            ContextDescriptor.LAYOUT),
                    Stream.of(CommandOpcode.values()).map(CommandOpcode::layout),
                    Stream.of(EventId.values()).map(EventId::layout),
                    Stream.of(PriQueueEntry.LAYOUT))
            .flatMap(layouts -> layouts)
            .toList();

    private Layouts() {}
}
