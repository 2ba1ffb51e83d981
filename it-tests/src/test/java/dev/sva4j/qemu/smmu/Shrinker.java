package dev.sva4j.qemu.smmu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a case with a difference shorter as long as it still has one of that kind: whole pieces, then single steps. */
final class Shrinker {
    private final Function<Case, Comparison.@Nullable Difference> play;
    private Case shortest;
    private Comparison.Difference difference;

    private Shrinker(
            Case failed, Comparison.Difference difference, Function<Case, Comparison.@Nullable Difference> play) {
        this.shortest = failed;
        this.difference = difference;
        this.play = play;
    }

    /** The shortest case that was found, and what differs in it. */
    record Result(Case shortest, Comparison.Difference difference) {
        @Override
        public String toString() {
            return difference.text() + "\n" + shortest;
        }
    }

    /** Shrinks a case. */
    static Result shrink(
            Case failed, Comparison.Difference difference, Function<Case, Comparison.@Nullable Difference> play) {
        Shrinker shrinker = new Shrinker(failed, difference, play);
        int before;
        do {
            before = shrinker.size();
            for (int piece = Math.max(1, shrinker.size() / 2); piece > 0; piece /= 2) {
                shrinker.dropPieces(piece);
            }
        } while (shrinker.size() < before);
        shrinker.dropWatched();
        return new Result(shrinker.shortest, shrinker.difference);
    }

    private int size() {
        return units(shortest).size();
    }

    /**
     * What may be dropped as a whole. A change in use stays together with its invalidations: without them the outcome is
     * not defined. Registers stay: without them the SMMU would be as the case before has left it.
     */
    private static List<List<Step>> units(Case played) {
        List<List<Step>> units = new ArrayList<>();
        boolean inUse = false;
        boolean inChange = false;
        for (Step step : played.steps()) {
            boolean probe = step instanceof Step.Probe;
            inUse |= probe;
            if (inChange && !probe) {
                units.get(units.size() - 1).add(step);
            } else {
                units.add(new ArrayList<>(List.of(step)));
            }
            inChange = inUse && !probe;
        }
        return units;
    }

    private static boolean isRegister(List<Step> unit) {
        return unit.get(0) instanceof Step.Write32 || unit.get(0) instanceof Step.Write64;
    }

    private void dropPieces(int piece) {
        for (int at = size() - piece; at >= 0; at = Math.min(at - piece, size() - piece)) {
            List<List<Step>> left = units(shortest);
            if (left.subList(at, at + piece).removeIf(unit -> !isRegister(unit))) {
                tries(shortest.with(left.stream().flatMap(List::stream).toList()));
            }
        }
    }

    private void dropWatched() {
        for (int at = shortest.watched().size() - 1; at >= 0; at--) {
            List<Long> left = new ArrayList<>(shortest.watched());
            left.remove(at);
            tries(shortest.withWatched(left));
        }
    }

    private void tries(Case shorter) {
        Comparison.Difference still = play.apply(shorter);
        if (still != null && still.kind().equals(difference.kind())) {
            shortest = shorter;
            difference = still;
        }
    }
}
