package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.SvaSystemBuilder;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.TransactionKind;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;
import org.opentest4j.TestAbortedException;

/**
 * Where a rule runs: with one device of a {@link Subject}, under one behaviour of its hardware half. Only rules of the kit use it.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class Bench {
    private final Subject subject;
    private final DeviceSpec spec;
    private final Behaviour behaviour;
    private final boolean deviates;

    /** @param deviates whether the rule that runs here is declared to fail */
    Bench(Subject subject, DeviceSpec spec, Behaviour behaviour, boolean deviates) {
        this.subject = subject;
        this.spec = spec;
        this.behaviour = behaviour;
        this.deviates = deviates;
    }

    Subject subject() {
        return subject;
    }

    DeviceSpec spec() {
        return spec;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    /** How long the rule waits for what has to happen, nanoseconds: not for long, if it is declared that it never does. */
    long patience() {
        return deviates ? Machine.PATIENCE / 50 : Machine.PATIENCE;
    }

    /** Whether the device sends PASIDs; if not, processes are bound to its untagged traffic, one at a time. */
    boolean hasPasids() {
        return spec.pasidBits() > 0;
    }

    // What a rule needs, in words for the report.

    void needsRecoverableFaults() {
        assumeTrue(spec.hasRecoverableFaults(), () -> "device " + spec.name() + " has no recoverable faults");
    }

    void needsNoRecoverableFaults() {
        assumeTrue(!spec.hasRecoverableFaults(), () -> "device " + spec.name() + " recovers from faults");
    }

    void needsPageRequests() {
        assumeTrue(spec.pageRequestCredit() > 0, () -> "device " + spec.name() + " sends no page requests");
    }

    void needsAts() {
        assumeTrue(spec.ats(), () -> "device " + spec.name() + " has no ATS");
    }

    void needsPasids() {
        assumeTrue(hasPasids(), () -> "device " + spec.name() + " has no PASIDs");
    }

    void needs(TransactionKind kind) {
        assumeTrue(
                subject.hardware().carries().contains(kind),
                () -> "hardware half '" + subject.hardware().id() + "' does not carry " + kind);
    }

    // How a rule runs.

    /** Runs a rule on threads and the clock, if the subject allows. */
    Machine run(Consumer<Machine> rule) {
        return run(UnaryOperator.identity(), rule);
    }

    /** Runs a rule on threads and the clock, if the subject allows, on a system with choices of its own. */
    Machine run(UnaryOperator<SvaSystemBuilder> choices, Consumer<Machine> rule) {
        return subject.onThreads() ? runWith(choices, rule) : runSeeded(subject.firstSeed(), choices, rule);
    }

    /** Runs a rule in one schedule that can be repeated. */
    Machine runSeeded(long schedule, UnaryOperator<SvaSystemBuilder> choices, Consumer<Machine> rule) {
        return runWith(builder -> choices.apply(builder).seeded(schedule), rule);
    }

    private Machine runWith(UnaryOperator<SvaSystemBuilder> choices, Consumer<Machine> rule) {
        try (Machine machine = new Machine(this, choices)) {
            machine.system().scheduler().run("rule", () -> rule.accept(machine));
            return machine;
        }
    }

    /** Runs a rule in which several things happen at the same time: on threads, and in a number of schedules that can be repeated. */
    void race(Consumer<Machine> rule) {
        if (subject.onThreads()) {
            run(rule);
        }
        for (int i = 0; i < subject.schedules(); i++) {
            long schedule = subject.firstSeed() + i;
            try {
                Bench shuffled = new Bench(subject, spec, behaviour.withSeed(schedule), deviates);
                shuffled.runSeeded(schedule, UnaryOperator.identity(), rule);
            } catch (TestAbortedException e) {
                throw e;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("under seed " + schedule + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public String toString() {
        return spec.name() + ", " + RuleRunner.nameOf(behaviour);
    }
}
