package dev.sva4j.steptest.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for an order of moments that explains what was seen of operations which went on at the same time. All explanations are kept as worlds;
 * what is seen later decides between them.
 */
public final class Explainer {
    /** More states than this for one step mean that the step is too wild to be judged. */
    private static final int MAX_STATES = 400_000;

    private final List<List<Event>> lanes;
    private final Snapshot snapshot;
    private final Set<String> visited = new HashSet<>();
    private final Map<String, World> explanations = new HashMap<>();
    private final boolean remembers;

    // The best that was reached, for the message if nothing explains it.
    private int most = -1;
    private String where = "";

    private Explainer(List<List<Event>> lanes, Snapshot snapshot) {
        this.lanes = lanes;
        this.snapshot = snapshot;
        this.remembers = snapshot != null;
    }

    /** Nothing explains what was seen. */
    public static final class UnexplainedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnexplainedException(String message) {
            super(message);
        }
    }

    /**
     * The worlds that may follow.
     *
     * @param lanes operations in the order in which each lane carried them out
     * @param snapshot what was seen when all was quiet again; null if nothing was waited for and nothing can go on by itself
     */
    public static List<World> explain(Collection<World> before, List<List<Event>> lanes, Snapshot snapshot) {
        Explainer explainer = new Explainer(lanes, snapshot);
        for (World world : before) {
            explainer.explore(world, new int[lanes.size()], new Run[lanes.size()]);
        }
        if (explainer.explanations.isEmpty()) {
            throw new UnexplainedException(explainer.where);
        }
        return List.copyOf(explainer.explanations.values());
    }

    /** One operation, with nothing else going on. */
    public static List<World> explain(Collection<World> before, Event event) {
        return explain(before, List.of(List.of(event)), null);
    }

    private void explore(World world, int[] positions, Run[] runs) {
        if (!isNew(world, positions, runs)) {
            return;
        }
        boolean done = true;
        for (int lane = 0; lane < lanes.size(); lane++) {
            if (runs[lane] != null || positions[lane] < lanes.get(lane).size()) {
                done = false;
                advance(world, positions, runs, lane);
            }
        }
        List<World> steps = Internals.steps(world, left(positions));
        steps.forEach(next -> explore(next, positions, runs));
        note(world, positions, runs, done && steps.isEmpty());
        if (done && steps.isEmpty()) {
            String mismatch = snapshot == null ? null : snapshot.mismatch(world);
            if (mismatch == null) {
                explanations.put(world.key(), world);
            } else {
                most = Integer.MAX_VALUE;
                where = "all operations are explained, but then: " + mismatch;
            }
        }
    }

    private List<Event> left(int[] positions) {
        List<Event> left = new ArrayList<>();
        for (int lane = 0; lane < lanes.size(); lane++) {
            left.addAll(lanes.get(lane).subList(positions[lane], lanes.get(lane).size()));
        }
        return left;
    }

    private boolean isNew(World world, int[] positions, Run[] runs) {
        if (!remembers) {
            return true;
        }
        StringBuilder key = new StringBuilder(world.key());
        for (int lane = 0; lane < lanes.size(); lane++) {
            key.append('/').append(positions[lane]).append(runs[lane] == null ? "" : runs[lane].mark());
        }
        if (visited.size() > MAX_STATES) {
            throw new IllegalStateException("more than " + MAX_STATES + " states: make the step smaller");
        }
        return visited.add(key.toString());
    }

    private void advance(World world, int[] positions, Run[] runs, int lane) {
        Run run = runs[lane] != null ? runs[lane] : Run.start(lanes.get(lane).get(positions[lane]));
        run.step(world, (next, after) -> {
            int[] nextPositions = positions;
            if (after == null) {
                nextPositions = positions.clone();
                nextPositions[lane]++;
            }
            Run[] nextRuns = runs.clone();
            nextRuns[lane] = after;
            explore(next, nextPositions, nextRuns);
        });
    }

    private void note(World world, int[] positions, Run[] runs, boolean end) {
        int reached = Arrays.stream(positions).sum();
        if (reached > most && !end) {
            most = reached;
            List<String> stuck = new ArrayList<>();
            for (int lane = 0; lane < lanes.size(); lane++) {
                if (positions[lane] < lanes.get(lane).size()) {
                    stuck.add(lanes.get(lane).get(positions[lane])
                            + (runs[lane] == null ? "" : " at " + runs[lane].mark()));
                }
            }
            where = "nothing explains " + String.join("  nor  ", stuck) + "\n    model: " + world.key();
        }
    }
}
