package dev.sva4j.steptest;

import java.util.ArrayList;
import java.util.List;

/** Makes a script that fails shorter as long as it still fails: first whole pieces of it, then single operations. */
final class Shrinker {
    /** A shorter script runs under another interleaving, so each is tried under a few schedules. */
    private static final int SCHEDULES = 4;

    private static final int MAX_RUNS = 3000;

    private Config config;
    private Script script;
    private StepFailure failure;
    private int runs;

    private Shrinker(Config config, Script script, StepFailure failure) {
        this.config = config;
        this.script = script;
        this.failure = failure;
    }

    /** The shortest that was found. */
    record Result(Config config, Script script, StepFailure failure) {
        String describe(long seed) {
            return "seed " + seed + " failed, shrunk to " + script.size() + " operations (schedule " + config.seed()
                    + ", "
                    + config.behaviour() + ", " + config.faultWorkers() + " fault workers):\n" + script + "\n"
                    + failure.getMessage()
                    + "\nReplay the seed: -Dtest=StepTest -Dsva4j.steptest.replay=" + seed
                    + "\nReplay the script: put it in a file below src/test/resources/dev/sva4j/steptest, after a line"
                    + "\n  # seed " + seed + " schedule " + config.seed();
        }
    }

    static Result shrink(Config config, Script script, StepFailure failure) {
        Shrinker shrinker = new Shrinker(config, script, failure);
        if (failure.step >= 0) {
            shrinker.tries(new Script(script.steps().subList(0, failure.step + 1)));
        }
        int piece = Math.max(1, shrinker.script.steps().size() / 2);
        while (piece > 0) {
            shrinker.dropPieces(piece);
            piece /= 2;
        }
        boolean shorter = true;
        while (shorter) {
            shorter = shrinker.dropOperations();
            shorter |= shrinker.dropPieces(1);
        }
        return new Result(shrinker.config, shrinker.script, shrinker.failure);
    }

    private boolean dropPieces(int piece) {
        boolean dropped = false;
        for (int at = script.steps().size() - piece;
                at >= 0;
                at = Math.min(at - piece, script.steps().size() - piece)) {
            List<Script.Step> left = new ArrayList<>(script.steps());
            left.subList(at, at + piece).clear();
            dropped |= tries(new Script(left));
        }
        return dropped;
    }

    private boolean dropOperations() {
        boolean dropped = false;
        for (int at = script.steps().size() - 1; at >= 0; at--) {
            Script.Step step = script.steps().get(at);
            for (int lane = step.lanes().size() - 1; lane >= 0; lane--) {
                for (int i = step.lanes().get(lane).size() - 1; step.size() > 1 && i >= 0; i--) {
                    List<Script.Step> left = new ArrayList<>(script.steps());
                    left.set(at, step.without(lane, i));
                    if (tries(new Script(left))) {
                        dropped = true;
                        step = script.steps().get(at);
                        lane = Math.min(lane, step.lanes().size() - 1);
                        i = step.lanes().get(lane).size();
                    }
                }
            }
        }
        return dropped;
    }

    private boolean tries(Script shorter) {
        for (int i = 0; i < SCHEDULES && runs < MAX_RUNS; i++) {
            runs++;
            Config tried = config.withSchedule(config.seed() + i);
            try {
                StepRun.run(tried, shorter, new Coverage());
            } catch (StepFailure e) {
                config = tried;
                script = shorter;
                failure = e;
                return true;
            }
        }
        return false;
    }
}
