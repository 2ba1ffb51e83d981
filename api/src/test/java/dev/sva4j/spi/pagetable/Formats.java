package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.pagetable.Vmsav8_64.Granule;
import java.util.ArrayList;
import java.util.List;

/** The formats under test. */
final class Formats {
    private Formats() {}

    /** Every start level of every granule, with and without the 52-bit descriptor formats and hardware dirty state. */
    static List<PageTableFormat> all() {
        List<PageTableFormat> formats = new ArrayList<>(
                List.of(X86_64.FOUR_LEVELS, X86_64.FIVE_LEVELS, new X86_64(4, 46, false), new SkippingFormat()));
        for (Granule granule : Granule.values()) {
            for (int t0sz : new int[] {16, 17, 20, 24, 25, 28, 33, 34, 38, 39}) {
                formats.add(new Vmsav8_64(granule, t0sz, 48, 0, false));
            }
            formats.add(new Vmsav8_64(granule, 16, 44, 4, true));
            formats.add(new Vmsav8_64(granule, 12, 52, 7, true));
            formats.add(new Vmsav8_64(granule, 39, 52, 0, false));
        }
        return formats;
    }

    /** A few that differ in what matters to the engine: extension, level sizes, dirty state, table size. */
    static List<PageTableFormat> engine() {
        return List.of(
                X86_64.FOUR_LEVELS,
                X86_64.FIVE_LEVELS,
                Vmsav8_64.LINUX_4K,
                new Vmsav8_64(Granule.SIZE_4K, 16, 48, 0, true),
                new Vmsav8_64(Granule.SIZE_4K, 25, 40, 0, false),
                new Vmsav8_64(Granule.SIZE_16K, 17, 48, 0, false));
    }
}
