package dev.sva4j.qemu.smmu;

import static dev.sva4j.vendor.smmu.layout.StreamTableRegisters.STRTAB_BASE;
import static dev.sva4j.vendor.smmu.layout.StreamTableRegisters.STRTAB_BASE_CFG;

import dev.sva4j.qemu.Rocker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What software has done so far in a case, as the test itself remembers it. */
final class Scene {
    /** Words of memory; those that nobody stored are 0. */
    private final Map<Long, Long> words = new HashMap<>();

    /** Addresses that a device has read, or has tried to read. */
    private final List<Long> reads = new ArrayList<>();

    private long strtabBase;
    private long strtabCfg;

    /** Remembers a step. */
    void advance(Step step) {
        if (step instanceof Step.Store store) {
            words.put(store.address(), store.value());
        } else if (step instanceof Step.Write64 write && write.offset() == STRTAB_BASE.offset()) {
            strtabBase = write.value();
        } else if (step instanceof Step.Write32 write && write.offset() == STRTAB_BASE_CFG.offset()) {
            strtabCfg = Integer.toUnsignedLong(write.value());
        } else if (step instanceof Step.Probe probe && probe.operation() == Rocker.Operation.INVERT) {
            reads.add(probe.address());
        }
    }

    long word(long at) {
        return words.getOrDefault(at, 0L);
    }

    long strtabBase() {
        return strtabBase;
    }

    long strtabCfg() {
        return strtabCfg;
    }

    List<Long> reads() {
        return reads;
    }
}
