package dev.sva4j.steptest;

import static dev.sva4j.steptest.model.Outcome.ABORTED;
import static dev.sva4j.steptest.model.Outcome.EXISTS;
import static dev.sva4j.steptest.model.Outcome.FENCED;
import static dev.sva4j.steptest.model.Outcome.INVALID;
import static dev.sva4j.steptest.model.Outcome.NOT_FOUND;
import static dev.sva4j.steptest.model.Outcome.NO_DEVICE;
import static dev.sva4j.steptest.model.Outcome.NO_MEMORY;
import static dev.sva4j.steptest.model.Outcome.NO_SPACE;
import static dev.sva4j.steptest.model.Outcome.OK;
import static dev.sva4j.steptest.model.Outcome.PAGE_REQUEST_INVALID;
import static dev.sva4j.steptest.model.Outcome.RANGE;
import static dev.sva4j.steptest.model.Outcome.SKIPPED;
import static dev.sva4j.steptest.model.Outcome.STALE;
import static dev.sva4j.steptest.model.Outcome.TIMED_OUT;
import static dev.sva4j.steptest.model.Outcome.UNSUPPORTED;

import dev.sva4j.steptest.model.OpKind;
import dev.sva4j.steptest.model.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which ends an operation may come to at all. The model says which of them it may come to in a given state; this list says that a run over all
 * seeds has been everywhere.
 */
final class LegalCells {
    private static final Map<OpKind, Set<Outcome>> LEGAL = new EnumMap<>(OpKind.class);

    /** DMA by the state that the bond was in: never OK but while bound. */
    private static final Map<String, Set<Outcome>> LEGAL_BY_STATE = Map.of(
            "DMA, bond BOUND", EnumSet.of(OK, ABORTED, PAGE_REQUEST_INVALID, FENCED),
            "DMA, bond QUIESCED", EnumSet.of(ABORTED, PAGE_REQUEST_INVALID, FENCED),
            "DMA, bond NONE", EnumSet.of(ABORTED, PAGE_REQUEST_INVALID, FENCED));

    /** Legal, but an architecture, or a driver half with frames to spare, need not ever come to it. */
    private static final Set<String> OPTIONAL = Set.of(
            "DMA_UNTAGGED/PAGE_REQUEST_INVALID",
            "INIT_DEVICE/NO_MEMORY",
            "ADD_DEVICE/NO_MEMORY",
            "DMA, bond NONE/PAGE_REQUEST_INVALID");

    static {
        put(OpKind.CREATE, OK, NO_MEMORY);
        put(OpKind.MAP, OK, EXISTS, INVALID, STALE);
        put(OpKind.MAP_HUGE, OK, EXISTS, INVALID, NO_MEMORY, STALE);
        put(OpKind.UNMAP, OK, INVALID, NO_MEMORY, STALE);
        put(OpKind.PROTECT, OK, NOT_FOUND, INVALID, NO_MEMORY, STALE);
        put(OpKind.DISCARD, OK, INVALID, NO_MEMORY, STALE);
        put(OpKind.POPULATE, OK, NOT_FOUND, NO_MEMORY, STALE);
        put(OpKind.FORK, OK, NO_MEMORY, STALE);
        put(OpKind.EXEC, OK, NO_MEMORY, STALE);
        put(OpKind.CPU_READ, OK, NOT_FOUND, NO_MEMORY, STALE);
        put(OpKind.CPU_WRITE, OK, NOT_FOUND, NO_MEMORY, STALE);
        put(OpKind.DMA_READ, OK, ABORTED, PAGE_REQUEST_INVALID, FENCED);
        put(OpKind.DMA_WRITE, OK, ABORTED, PAGE_REQUEST_INVALID, FENCED);
        put(OpKind.DMA_FETCH_ADD, OK, INVALID, ABORTED, PAGE_REQUEST_INVALID, FENCED);
        put(OpKind.DMA_COMPARE_AND_SWAP, OK, INVALID, ABORTED, PAGE_REQUEST_INVALID, FENCED);
        put(OpKind.DMA_PREFETCH, OK, ABORTED, PAGE_REQUEST_INVALID, FENCED);
        put(OpKind.DMA_UNTAGGED, ABORTED, PAGE_REQUEST_INVALID, FENCED);
        put(OpKind.DMA_BEYOND_WIDTH, RANGE);
        put(OpKind.BIND, OK, NO_DEVICE, RANGE, NO_SPACE, NO_MEMORY, STALE);
        put(OpKind.BIND_CLOSED_DEVICE, NO_DEVICE, STALE);
        put(OpKind.UNBIND, OK, STALE);
        put(OpKind.EXIT, OK);
        put(OpKind.OOM_KILL, OK);
        put(OpKind.CLOSE, OK);
        put(OpKind.RETURN_FROM_CALLBACK, OK);
        put(OpKind.INIT_DEVICE, OK, NO_DEVICE, EXISTS, RANGE, UNSUPPORTED, NO_MEMORY);
        put(OpKind.CLOSE_DEVICE, OK, TIMED_OUT);
        put(OpKind.CLOSE_DEVICE_AGAIN, OK);
        put(OpKind.REMOVE_DEVICE, OK);
        put(OpKind.ADD_DEVICE, OK, NO_MEMORY);
        put(OpKind.EAT_MEMORY, OK);
        put(OpKind.FREE_MEMORY, OK);
    }

    private LegalCells() {}

    private static void put(OpKind kind, Outcome first, Outcome... others) {
        LEGAL.put(kind, EnumSet.of(first, others));
    }

    /** Legal cells that were never hit, and illegal ones that were. */
    static List<String> complaints(Coverage coverage) {
        List<String> complaints = new ArrayList<>();
        LEGAL.forEach(
                (kind, legal) -> compare(kind.name(), legal, coverage.cells().get(kind), complaints));
        LEGAL_BY_STATE.forEach(
                (state, legal) -> compare(state, legal, coverage.byState().get(state), complaints));
        for (String state : coverage.byState().keySet()) {
            if (!LEGAL_BY_STATE.containsKey(state)) {
                complaints.add("seen, but not on the list: " + state);
            }
        }
        return complaints;
    }

    private static void compare(String row, Set<Outcome> legal, Map<Outcome, Integer> counts, List<String> complaints) {
        Set<Outcome> hit = EnumSet.noneOf(Outcome.class);
        if (counts != null) {
            hit.addAll(counts.keySet());
        }
        for (Outcome outcome : legal) {
            if (!hit.contains(outcome) && !OPTIONAL.contains(row + "/" + outcome)) {
                complaints.add("never hit: " + row + " × " + outcome);
            }
        }
        hit.removeAll(legal);
        hit.remove(SKIPPED);
        hit.forEach(outcome -> complaints.add("illegal: " + row + " × " + outcome));
    }
}
