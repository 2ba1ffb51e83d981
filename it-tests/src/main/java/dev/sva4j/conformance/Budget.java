package dev.sva4j.conformance;

import dev.sva4j.spi.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * How much a run of the kit may cost.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public enum Budget {
    /** For the work in between: the behaviour that brings most to light, and few schedules. */
    QUICK(0, 2, Duration.ofSeconds(30)),

    /** Both extremes, the typical behaviour and points between them that are drawn from the seed; many schedules. */
    FULL(2, 12, Duration.ofMinutes(2));

    private final int drawnBehaviours;
    private final int schedules;
    private final Duration patience;

    Budget(int drawnBehaviours, int schedules, Duration patience) {
        this.drawnBehaviours = drawnBehaviours;
        this.schedules = schedules;
        this.patience = patience;
    }

    /** How many schedules to try for a rule about things that happen at the same time. */
    int schedules() {
        return schedules;
    }

    /** How long one run of a rule may take before it counts as hanging. */
    Duration patience() {
        return patience;
    }

    List<Behaviour> behaviours(long seed) {
        if (drawnBehaviours == 0) {
            return List.of(Behaviour.TENACIOUS.withSeed(seed));
        }
        List<Behaviour> behaviours = new ArrayList<>();
        for (Behaviour named : List.of(Behaviour.TYPICAL, Behaviour.FORGETFUL, Behaviour.TENACIOUS)) {
            behaviours.add(named.withSeed(seed));
        }
        Random random = new Random(seed);
        for (int i = 0; i < drawnBehaviours; i++) {
            behaviours.add(new Behaviour(
                    seed,
                    capacity(random),
                    capacity(random),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean()));
        }
        return behaviours;
    }

    /** Small ones: what is replaced all the time meets other paths than what stays. */
    private static int capacity(Random random) {
        int[] capacities = {0, 1, 2, 8, Behaviour.UNBOUNDED};
        return capacities[random.nextInt(capacities.length)];
    }
}
