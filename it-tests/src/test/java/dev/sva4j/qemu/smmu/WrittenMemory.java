package dev.sva4j.qemu.smmu;

import dev.sva4j.conformance.ForwardingMemory;
import dev.sva4j.spi.PhysicalMemory;
import java.util.HashSet;
import java.util.Set;

/** Memory that remembers where byte blocks, which is what devices write, have gone. */
final class WrittenMemory extends ForwardingMemory {
    private final Set<Long> written = new HashSet<>();

    WrittenMemory(PhysicalMemory memory) {
        super(memory);
    }

    /** The words written since the last call. */
    Set<Long> takeWritten() {
        Set<Long> taken = Set.copyOf(written);
        written.clear();
        return taken;
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        super.write(pa, source, offset, length);
        for (long word = pa & -Long.BYTES; word < pa + length; word += Long.BYTES) {
            written.add(word);
        }
    }
}
