package dev.sva4j.steptest;

import dev.sva4j.steptest.model.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a run does.
 *
 * @param steps one after the other
 */
record Script(List<Step> steps) {
    /**
     * Lanes that go on at the same time; the next step begins when all have ended and nothing goes on any more.
     *
     * @param lanes operations of each, one after the other
     */
    record Step(List<List<Op>> lanes) {
        int size() {
            return lanes.stream().mapToInt(List::size).sum();
        }

        /** Without one operation. */
        Step without(int lane, int position) {
            List<List<Op>> left = new ArrayList<>(lanes);
            List<Op> shorter = new ArrayList<>(lanes.get(lane));
            shorter.remove(position);
            if (shorter.isEmpty()) {
                left.remove(lane);
            } else {
                left.set(lane, shorter);
            }
            return new Step(left);
        }

        @Override
        public String toString() {
            return lanes.stream()
                    .map(lane -> lane.stream().map(Op::toString).collect(Collectors.joining(" ; ")))
                    .collect(Collectors.joining(" | "));
        }

        static Step parse(String line) {
            return new Step(Arrays.stream(line.split("\\|"))
                    .map(lane -> Arrays.stream(lane.split(";")).map(Op::parse).toList())
                    .toList());
        }
    }

    int size() {
        return steps.stream().mapToInt(Step::size).sum();
    }

    /** One line per step. */
    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
    }

    static Script parse(List<String> lines) {
        return new Script(lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(Step::parse)
                .toList());
    }
}
