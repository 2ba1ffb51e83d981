package dev.sva4j.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.cli.Cli;
import dev.sva4j.cli.JsonTree;
import dev.sva4j.spi.TransactionKind;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class DemoTest {
    private static final String VENDOR = "arm-smmu-v3";

    private static Map<String, Object> figures(Cli.Result result) {
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        List<Map<String, Object>> vendors = JsonTree.rows(Map.of("all", JsonTree.parse(result.out())), "all");
        assertThat(vendors).hasSize(1);
        return vendors.get(0);
    }

    @SuppressWarnings("unchecked")
    private static long count(Map<String, Object> figures, String group, String name) {
        return (long) ((Map<String, Object>) figures.get(group)).get(name);
    }

    @Test
    void fields() {
        Map<String, Object> figures = figures(Cli.run("demo", "--vendor", VENDOR, "--seed", "1", "--json"));
        assertThat(figures)
                .containsOnlyKeys(
                        "vendor",
                        "policy",
                        "quiesce",
                        "seed",
                        "dmaAfterExit",
                        "faults",
                        "pageRequests",
                        "exitNanos",
                        "reclaimNanos",
                        "mmExitNanos",
                        "pasidReusableAfter")
                .containsEntry("vendor", VENDOR)
                .containsEntry("policy", "explicit-unbind")
                .containsEntry("seed", 1L);
        assertThat(figures.get("dmaAfterExit"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("attempted", "reachedMemory", "aborted");
        assertThat(figures.get("faults"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("recordedByHardware", "droppedBySoftware", "reported", "overflows");
        assertThat(figures.get("pageRequests"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("received", "groups", "answeredBySoftware", "answeredByHardware");
    }

    @ParameterizedTest
    @CsvSource({
        "explicit-unbind, unbind",
        "release-on-return, mm_exit return",
        "release-on-return-inline, mm_exit return"
    })
    void policyDecidesWhenThePasidComesBack(String policy, String moment) {
        for (int seed = 1; seed <= 5; seed++) {
            Map<String, Object> figures =
                    figures(Cli.run("demo", "--vendor", VENDOR, "--policy", policy, "--seed", "" + seed, "--json"));
            assertThat(figures).containsEntry("policy", policy).containsEntry("pasidReusableAfter", moment);
            assertThat(count(figures, "dmaAfterExit", "attempted")).isPositive();
            assertThat(count(figures, "faults", "reported")).isZero();
            boolean inline = policy.endsWith("inline");
            assertThat(count(figures, "dmaAfterExit", "reachedMemory") > 0)
                    .as("only under the inline policy devices still reach the dead process's memory")
                    .isEqualTo(inline);
            if (!inline) {
                assertThat(count(figures, "dmaAfterExit", "aborted"))
                        .isEqualTo(count(figures, "dmaAfterExit", "attempted"));
                assertThat((long) figures.get("exitNanos"))
                        .as("exit does not wait for mm_exit")
                        .isLessThan((long) figures.get("mmExitNanos"));
            } else {
                assertThat((long) figures.get("exitNanos"))
                        .as("exit waits for mm_exit")
                        .isGreaterThanOrEqualTo((long) figures.get("mmExitNanos"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"explicit-unbind", "release-on-return", "release-on-return-inline"})
    void sameSeedSameRun(String policy) {
        String[] args = {"demo", "--vendor", VENDOR, "--policy", policy, "--seed", "42"};
        Cli.Result once = Cli.run(args);
        assertThat(once.exitCode()).as(once.err()).isZero();
        assertThat(Cli.run(args)).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(strings = {"explicit-unbind", "release-on-return", "release-on-return-inline"})
    void threads(String policy) {
        Map<String, Object> figures = figures(Cli.run("demo", "--vendor", VENDOR, "--policy", policy, "--json"));
        assertThat(figures).containsEntry("seed", null);
        assertThat(count(figures, "pageRequests", "received")).isPositive();
    }

    /**
     * On hardware without page requests devices stall instead; without PASID-tagged requests there is no second device.
     */
    @ParameterizedTest
    @EnumSource(ExitPolicy.class)
    void devicesThatStall(ExitPolicy policy) {
        for (List<TransactionKind> carries :
                List.of(List.of(TransactionKind.STALL, TransactionKind.PASID_TAGGED), List.of(TransactionKind.STALL))) {
            DemoReport report = new DemoMachine(new DemoSubject(VENDOR, VENDOR, "quiet-cd", carries), policy, 1L).run();
            assertThat(report.broken()).isEmpty();
            assertThat(report.result().pageRequests().received()).isPositive();
        }
    }

    @Test
    void thereIsNoDemonstrationWithoutFaults() {
        DemoMachine machine =
                new DemoMachine(new DemoSubject(VENDOR, VENDOR, "quiet-cd", List.of()), ExitPolicy.EXPLICIT_UNBIND, 1L);
        assertThat(assertThrows(SvaException.class, machine::run).error()).isEqualTo(SvaError.UNSUPPORTED);
    }

    /** The three answers to the same question, and what each of them costs. */
    @Test
    void everyArchitectureUnderEveryPolicyInOneTable() {
        Cli.Result result = Cli.run(
                "demo", "--seed", "1", "--policy", "explicit-unbind,release-on-return,release-on-return-inline");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().filter(line -> line.matches("[a-z-]+ +amd-vi +arm-smmu-v3 +intel-vtd")))
                .hasSize(3);
        assertThat(result.out().lines().filter(line -> line.matches("quiesced by +dummy-root +quiet-cd +p0-fpd")))
                .hasSize(3);
    }

    @Test
    void onAmdTheHardwareGoesOnRecordingAndSoftwareDropsIt() {
        for (String mechanism : List.of("dummy-root", "cleared-entry")) {
            Map<String, Object> figures =
                    figures(Cli.run("demo", "--vendor", "amd-vi", "--quiesce", mechanism, "--seed", "1", "--json"));

            assertThat(figures).containsEntry("quiesce", mechanism);
            assertThat(count(figures, "faults", "recordedByHardware")).isPositive();
            assertThat(count(figures, "faults", "droppedBySoftware"))
                    .isEqualTo(count(figures, "faults", "recordedByHardware"));
            assertThat(count(figures, "faults", "reported")).isZero();
        }
    }

    @Test
    void aMechanismThatNobodyHasIsRefused() {
        Cli.Result result = Cli.run("demo", "--quiesce", "prayer");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("has a quiesce mechanism 'prayer'");
    }

    @Test
    void bothHalvesByName() {
        Cli.Result result = Cli.run("demo", "--driver", VENDOR, "--hardware", VENDOR, "--seed", "3");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("PASID released by").contains(VENDOR);
    }
}
