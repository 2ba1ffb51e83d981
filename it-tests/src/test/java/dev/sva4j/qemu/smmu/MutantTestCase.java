package dev.sva4j.qemu.smmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.qemu.QemuBinary;
import org.junit.jupiter.api.Test;

/** The comparison in short, for the profile that plants faults in our side: it has to fail with each of them. */
class MutantTestCase {
    private static final int SEEDS = Integer.getInteger("sva4j.qemu.mutants.seeds", 800);

    @Test
    void both_have_the_same_effects() {
        try (Arena arena = new Arena(QemuBinary.require("aarch64"))) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                assertThat(arena.compare(Generator.of(seed))).isNull();
            }
        }
    }
}
