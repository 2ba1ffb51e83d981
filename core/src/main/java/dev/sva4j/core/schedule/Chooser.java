package dev.sva4j.core.schedule;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Which of several tasks runs next. Called by the holder of the baton only. */
interface Chooser {
    /**
     * Position of the chosen one among the first {@code count} of {@code candidates}, which are at least two in
     * ascending order of their indices; -1 if the choice that was asked for is none of them.
     *
     * @param current the task that runs now
     */
    int choose(SeededTask[] candidates, int count, SeededTask current);

    /** For messages: how to get the same choices again. */
    String describe();

    /** Chooses each with the same probability. */
    static Chooser random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Chooser() {
            @Override
            public int choose(SeededTask[] candidates, int count, SeededTask current) {
                return random.nextInt(count);
            }

            @Override
            public String describe() {
                return String.format("seed 0x%x", seed);
            }
        };
    }

    /**
     * Chooses the tasks with the given indices in turn, and after that none but the current one as long as it can run.
     */
    static Chooser replay(int[] choices) {
        return new Chooser() {
            private int next;

            @Override
            public int choose(SeededTask[] candidates, int count, SeededTask current) {
                if (next < choices.length) {
                    return position(candidates, count, choices[next++]);
                }
                return Math.max(0, position(candidates, count, current.index()));
            }

            @Override
            public String describe() {
                return "choice " + next + " of a replay of " + choices.length;
            }
        };
    }

    private static int position(@Nullable SeededTask[] candidates, int count, int index) {
        for (int i = 0; i < count; i++) {
            SeededTask candidate = candidates[i];
            if (candidate != null && candidate.index() == index) {
                return i;
            }
        }
        return -1;
    }
}
