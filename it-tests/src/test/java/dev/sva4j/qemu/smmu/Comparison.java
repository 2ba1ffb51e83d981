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
        Scene scene = new Scene();
        int number = 0;
        for (Step step : played.steps()) {
            scene.advance(step);
            if (step instanceof Step.Probe probe) {
                List<Observation.Event> ourEvents = our.events().get(number);
                List<Observation.Event> qemuEvents =
                        capabilities.complete(qemu.events().get(number));
                Difference difference =
                        compareProbe(probe, Circumstances.of(scene, probe), ourEvents, qemuEvents, excused);
                if (difference != null) {
                    return difference;
                }
                number++;
            }
        }
        return null;
    }

    private @Nullable Difference compareProbe(
            Step.Probe probe,
            Circumstances at,
            List<Observation.Event> ours,
            List<Observation.Event> qemus,
            Set<Long> excused) {
        KnownDeviation known = null;
        for (KnownDeviation deviation : KnownDeviation.values()) {
            if (!deviation.weDoRight(at, ours)) {
                String text = String.format(
                        "%s: ours %s, against the manual (%s); %s", probe, Observation.describe(ours), deviation, at);
                return new Difference(kind(ours) + " against the manual", text);
            }
            boolean possible = known == null && deviation.appliesTo(capabilities);
            if (possible && (ours.isEmpty() || !ours.equals(qemus)) && deviation.covers(at, ours, qemus)) {
                known = deviation;
            }
        }
        if (known == null && !ours.equals(qemus)) {
            String text = String.format(
                    "%s: ours %s, QEMU %s; %s", probe, Observation.describe(ours), Observation.describe(qemus), at);
            return new Difference(kind(ours) + " against " + kind(qemus), text);
        }
        // Without records there may still be a difference in memory, which is compared once, at the end.
        if (known != null && known.reachesMemory()) {
            excused.add(at.output() & -Long.BYTES);
        }
        totals.count(ours, known);
        return null;
    }

    private static String kind(List<Observation.Event> events) {
        return events.stream()
                .map(event -> String.valueOf(event.id()))
                .distinct()
                .toList()
                .toString();
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
