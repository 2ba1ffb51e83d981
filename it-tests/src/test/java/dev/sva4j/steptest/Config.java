package dev.sva4j.steptest;

import dev.sva4j.spi.Behaviour;
import java.util.Random;

/**
 * What a run depends on beside its script. All of it follows from the seed.
 *
 * @param seed of the schedule
 * @param behaviour of the hardware
 * @param faultWorkers tasks that handle page requests
 */
record Config(long seed, Behaviour behaviour, int faultWorkers) {
    private static final int[] CAPACITIES = {0, 1, 2, 8, 64, Behaviour.UNBOUNDED};

    static final String VENDOR = System.getProperty("sva4j.steptest.vendor", "arm-smmu-v3");
    static final long MEMORY = 48L << 20;

    static Config of(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        Behaviour behaviour = switch (random.nextInt(5)) {
            case 0 -> Behaviour.TYPICAL;
            case 1 -> Behaviour.FORGETFUL;
            case 2 -> Behaviour.TENACIOUS;
            default ->
                new Behaviour(
                        0,
                        CAPACITIES[random.nextInt(CAPACITIES.length)],
                        CAPACITIES[random.nextInt(CAPACITIES.length)],
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean());
        };
        return new Config(seed, behaviour.withSeed(seed), 1 + random.nextInt(3));
    }

    /** The same script under another schedule. */
    Config withSchedule(long other) {
        return new Config(other, behaviour, faultWorkers);
    }
}
