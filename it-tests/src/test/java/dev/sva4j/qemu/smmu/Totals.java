package dev.sva4j.qemu.smmu;

import dev.sva4j.vendor.smmu.layout.EventId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run has come across. */
final class Totals {
    private final Map<EventId, Long> events = new EnumMap<>(EventId.class);
    private final Map<KnownDeviation, Long> deviations = new EnumMap<>(KnownDeviation.class);
    private long probes;
    private long withoutEvent;
    private long words;
    private long writtenWords;

    void count(List<Observation.Event> ours, @Nullable KnownDeviation known) {
        probes++;
        withoutEvent += ours.isEmpty() ? 1 : 0;
        // Both records of a refused INVERT are of one kind.
        ours.stream().limit(1).forEach(event -> events.merge(event.id(), 1L, Long::sum));
        if (known != null) {
            deviations.merge(known, 1L, Long::sum);
        }
    }

    void countWord(long value) {
        words++;
        writtenWords += value != 0 ? 1 : 0;
    }

    long probes() {
        return probes;
    }

    Set<EventId> events() {
        return events.keySet();
    }

    Set<KnownDeviation> deviations() {
        return deviations.keySet();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                "  %,d probes, %,d without an event; %,d words of memory compared, %,d of them written%n",
                probes, withoutEvent, words, writtenWords));
        events.forEach((event, count) -> text.append(String.format("  %-20s %,9d%n", event, count)));
        text.append("  known deviations of QEMU, by probes:").append(System.lineSeparator());
        deviations.forEach((deviation, count) -> text.append(String.format("  %-40s %,9d%n", deviation, count)));
        return text.toString();
    }
}
