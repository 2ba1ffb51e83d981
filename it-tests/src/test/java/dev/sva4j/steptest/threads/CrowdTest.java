package dev.sva4j.steptest.threads;

import dev.sva4j.spi.Behaviour;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything at once: no call ends in a way that it may not, nothing hangs, and at the end everything is back. */
class CrowdTest {
    private static final int LIVES = 5;

    static List<Behaviour> behaviours() {
        return Crowd.behaviours();
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void whatever_threads_do_at_the_same_time_everything_comes_back(Behaviour behaviour) {
        for (int round = 0; round < Crowd.ROUNDS; round++) {
            long seed = behaviour.seed() + 31L * round;
            try (Crowd crowd = new Crowd(behaviour)) {
                Town town = new Town(crowd);
                for (int i = 0; i < LIVES; i++) {
                    long life = seed * LIVES + i;
                    crowd.thread("life " + life, () -> town.live(life));
                }
                crowd.run();
                town.end();
            }
        }
    }
}
