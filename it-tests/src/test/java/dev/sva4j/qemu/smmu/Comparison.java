package dev.sva4j.qemu.smmu;

import dev.sva4j.spi.PhysicalMemory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Plays cases on both sides and compares what they show. */
final class Comparison {
    private final ModelSide model;
    private final Player ours;
    private final Player qemus;
    private final Capabilities capabilities;
    private final Totals totals;

    Comparison(ModelSide model, Player ours, Player qemus, Capabilities capabilities, Totals totals) {
        this.model = model;
        this.ours = ours;
        this.qemus = qemus;
        this.capabilities = capabilities;
        this.totals = totals;
    }

    /**
     * What differs between the sides.
     *
     * @param kind equal for differences of probably one cause
     */
    record Difference(String kind, String text) {}

    /** Plays a case; returns what differs in a way that is not known, or null. */
    @Nullable
    Difference play(Case played) {
        Observation our = ours.play(played);
        Observation qemu = qemus.play(played);
        SortedSet<Long> words = new TreeSet<>(played.watched());
        words.addAll(model.takeWritten());
        Set<Long> excused = new LinkedHashSet<>();
        try {
            Difference difference = compareEvents(played, our, qemu, excused);
            if (difference == null) {
                difference = compareCommands(our, qemu);
            }
            return difference != null ? difference : compareMemory(words, excused);
        } finally {
            played.steps().stream()
                    .filter(Step.Store.class::isInstance)
                    .forEach(step -> words.add(((Step.Store) step).address()));
            words.addAll(excused);
            clear(words, ours.memory());
            clear(words, qemus.memory());
        }
    }

    private @Nullable Difference compareEvents(Case played, Observation our, Observation qemu, Set<Long> excused) {
        int probe = 0;
        for (int i = 0; i < played.steps().size(); i++) {
            if (played.steps().get(i) instanceof Step.Probe) {
                List<Observation.Event> ourEvents = our.events().get(probe);
                List<Observation.Event> qemuEvents =
                        capabilities.complete(qemu.events().get(probe));
                KnownDeviation known = known(played, i, ourEvents, qemuEvents, excused);
                if (known == null && !ourEvents.equals(qemuEvents)) {
                    String text = String.format(
                            "%s: ours %s, QEMU %s; %s",
                            played.steps().get(i),
                            Observation.describe(ourEvents),
                            Observation.describe(qemuEvents),
                            Circumstances.of(played, i));
                    return new Difference(kind(ourEvents) + " against " + kind(qemuEvents), text);
                }
                totals.count(ourEvents, known);
                probe++;
            }
        }
        return null;
    }

    private static String kind(List<Observation.Event> events) {
        return events.stream()
                .map(event -> String.valueOf(event.id()))
                .distinct()
                .toList()
                .toString();
    }

    private @Nullable KnownDeviation known(
            Case played, int index, List<Observation.Event> ours, List<Observation.Event> qemus, Set<Long> excused) {
        // Without events there may still be a difference in memory, which is compared once, at the end.
        if (ours.equals(qemus) && !ours.isEmpty()) {
            return null;
        }
        Circumstances at = Circumstances.of(played, index);
        for (KnownDeviation deviation : KnownDeviation.values()) {
            if (deviation.appliesTo(capabilities) && deviation.covers(at, ours, qemus)) {
                if (deviation.reachesMemory()) {
                    excused.add(at.output() & -Long.BYTES);
                }
                return deviation;
            }
        }
        return null;
    }

    private static @Nullable Difference compareCommands(Observation our, Observation qemu) {
        return our.commandError() == qemu.commandError() && our.waiting() == qemu.waiting()
                ? null
                : new Difference(
                        "commands",
                        String.format(
                                "ours leaves %d commands, error %d; QEMU %d, error %d",
                                our.waiting(), our.commandError(), qemu.waiting(), qemu.commandError()));
    }

    private @Nullable Difference compareMemory(Set<Long> words, Set<Long> excused) {
        List<String> differences = new ArrayList<>();
        for (long word : words) {
            if (Bench.RAM.contains(word, Long.BYTES)) {
                long our = ours.memory().load(word);
                long qemu = qemus.memory().load(word);
                totals.countWord(our);
                if (our != qemu && !excused.contains(word)) {
                    differences.add(String.format("at 0x%x ours has 0x%x, QEMU 0x%x", word, our, qemu));
                }
            }
        }
        return differences.isEmpty() ? null : new Difference("memory", "memory: " + String.join("; ", differences));
    }

    private static void clear(Set<Long> words, PhysicalMemory memory) {
        for (long word : words) {
            if (Bench.RAM.contains(word, Long.BYTES)) {
                memory.store(word, 0);
            }
        }
    }
}
