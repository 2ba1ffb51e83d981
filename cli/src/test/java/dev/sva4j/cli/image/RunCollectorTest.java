package dev.sva4j.cli.image;

import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunCollectorTest {
    private final RunCollector users = new RunCollector(false);

    @Test
    void neighboursWithConsecutiveAddressesAreOneRun() {
        users.leaf(0x1000, 0x8000, 0x1000, READ | USER);
        users.leaf(0x2000, 0x9000, 0x1000, READ | USER | EXECUTE);
        users.leaf(0x3000, 0xa000, 0x20_0000, READ | USER);
        assertThat(users.runs()).containsExactly(new MappingRun(0x1000, 0x8000, 0x20_2000, true, false, false));
    }

    @Test
    void gapsAndOtherRightsSeparate() {
        users.leaf(0x1000, 0x8000, 0x1000, READ | USER);
        users.leaf(0x2000, 0x9000, 0x1000, READ | WRITE | USER);
        users.leaf(0x4000, 0xa000, 0x1000, READ | WRITE | USER);
        users.leaf(0x5000, 0xc000, 0x1000, READ | WRITE | USER);
        assertThat(users.runs()).hasSize(4);
    }

    @Test
    void unusableLeavesAreLeftOut() {
        users.leaf(0x1000, 0x8000, 0x1000, READ | WRITE);
        users.leaf(0x2000, 0x9000, 0x1000, USER);
        users.leaf(0x3000, 0xa000, 0x1000, USER | EXECUTE);
        assertThat(users.runs()).isEmpty();

        RunCollector all = new RunCollector(true);
        all.leaf(0x1000, 0x8000, 0x1000, READ | WRITE);
        all.leaf(0x2000, 0x9000, 0x1000, READ | WRITE | USER);
        all.leaf(0x3000, 0xa000, 0x1000, 0);
        assertThat(all.runs())
                .containsExactly(
                        new MappingRun(0x1000, 0x8000, 0x1000, true, true, true),
                        new MappingRun(0x2000, 0x9000, 0x1000, true, true, false));
    }

    @Test
    void writeOnlyIsSomething() {
        users.leaf(0x1000, 0x8000, 0x1000, WRITE | USER);
        assertThat(users.runs()).containsExactly(new MappingRun(0x1000, 0x8000, 0x1000, false, true, false));
    }
}
