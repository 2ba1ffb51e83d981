package dev.sva4j.steptest;

import dev.sva4j.steptest.model.Event;
import dev.sva4j.steptest.model.OpKind;
import dev.sva4j.steptest.model.Outcome;
import dev.sva4j.steptest.model.World;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often each operation ended in each way. DMA also by the state of its bond before, where nothing else went on. */
final class Coverage {
    private final Map<OpKind, EnumMap<Outcome, Integer>> cells = new EnumMap<>(OpKind.class);
    private final Map<String, EnumMap<Outcome, Integer>> byState = new TreeMap<>();
    private int steps;
    private int operations;

    void count(World before, List<List<Event>> lanes) {
        steps++;
        for (List<Event> lane : lanes) {
            for (Event event : lane) {
                operations++;
                Outcome outcome = event.seen().outcome();
                cells.computeIfAbsent(event.op().kind(), key -> new EnumMap<>(Outcome.class))
                        .merge(outcome, 1, Integer::sum);
                if (lanes.size() == 1 && lane.size() == 1 && isTaggedDma(event) && isAnswer(outcome)) {
                    String state = isDmaOfUnboundPasid(before, event)
                            ? "NONE"
                            : before.bondState(
                                    event.target().device(), event.target().process());
                    byState.computeIfAbsent("DMA, bond " + state, key -> new EnumMap<>(Outcome.class))
                            .merge(outcome, 1, Integer::sum);
                }
            }
        }
    }

    /** Not what the channel refuses before anything leaves the device. */
    private static boolean isAnswer(Outcome outcome) {
        return outcome != Outcome.SKIPPED && outcome != Outcome.INVALID;
    }

    private static boolean isTaggedDma(Event event) {
        OpKind kind = event.op().kind();
        return kind.isDma() && kind != OpKind.DMA_UNTAGGED && kind != OpKind.DMA_BEYOND_WIDTH;
    }

    /** Whether it carried a number that stood for nothing on its device. */
    static boolean isDmaOfUnboundPasid(World before, Event event) {
        return isTaggedDma(event)
                && !event.target().skip()
                && before.bondOfPasid(event.target().device(), event.seen().number()) < 0;
    }

    void add(Coverage other) {
        other.cells.forEach((kind, row) -> row.forEach((outcome, count) ->
                cells.computeIfAbsent(kind, key -> new EnumMap<>(Outcome.class)).merge(outcome, count, Integer::sum)));
        other.byState.forEach((state, row) ->
                row.forEach((outcome, count) -> byState.computeIfAbsent(state, key -> new EnumMap<>(Outcome.class))
                        .merge(outcome, count, Integer::sum)));
        steps += other.steps;
        operations += other.operations;
    }

    int steps() {
        return steps;
    }

    int operations() {
        return operations;
    }

    Map<OpKind, EnumMap<Outcome, Integer>> cells() {
        return cells;
    }

    Map<String, EnumMap<Outcome, Integer>> byState() {
        return byState;
    }

    /** One line per operation. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        cells.forEach((kind, row) -> table.append(String.format("  %-22s %s%n", kind, row)));
        byState.forEach((state, row) -> table.append(String.format("  %-22s %s%n", state, row)));
        return table.toString();
    }
}
