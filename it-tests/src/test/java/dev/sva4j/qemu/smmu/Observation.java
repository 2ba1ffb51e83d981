package dev.sva4j.qemu.smmu;

import dev.sva4j.vendor.smmu.layout.EventId;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a side shows of a case, besides memory.
 *
 * @param events the records of each probe, in order
 * @param commandError why the command queue stood still at the end, or 0
 * @param waiting commands that were not consumed
 */
record Observation(List<List<Event>> events, long commandError, long waiting) {

    /** An event record. */
    record Event(long word0, long word1, long word2, long word3) {
        @Nullable
        EventId id() {
            return EventId.of(word0);
        }

        long word(int index) {
            return switch (index) {
                case 0 -> word0;
                case 1 -> word1;
                case 2 -> word2;
                default -> word3;
            };
        }

        Event withWord(int index, long value) {
            return new Event(
                    index == 0 ? value : word0,
                    index == 1 ? value : word1,
                    index == 2 ? value : word2,
                    index == 3 ? value : word3);
        }

        @Override
        public String toString() {
            return String.format("%s(%x %x %x %x)", EventId.of(word0), word0, word1, word2, word3);
        }
    }

    static String describe(List<Event> events) {
        return events.isEmpty()
                ? "no event"
                : events.stream().map(Event::toString).collect(Collectors.joining(", "));
    }
}
