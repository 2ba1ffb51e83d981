package dev.sva4j.qemu.smmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.qemu.QemuBinary;
import org.junit.jupiter.api.Test;

/** Random tables, accesses and changes on our SMMUv3 and on QEMU's. */
class SmmuAgainstQemuTest {
    private static final int SEEDS = Integer.getInteger("sva4j.qemu.seeds", 4_000);
    private static final long FIRST = Long.getLong("sva4j.qemu.first", 1);

    @Test
    void both_have_the_same_effects() {
        QemuBinary binary = QemuBinary.require("aarch64");
        long start = System.nanoTime();
        try (Arena arena = new Arena(binary)) {
            for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
                arena.play(Generator.of(seed, seed % 2 == 0));
            }
            System.out.printf(
                    "SMMUv3 against %s:%n  %,d cases, %,d probes/s%n%s",
                    binary.version(),
                    SEEDS,
                    arena.totals().probes() * 1_000_000_000L / (System.nanoTime() - start),
                    arena.totals());
            assertThat(arena.unseenDeviations()).isEmpty();
        }
    }
}
