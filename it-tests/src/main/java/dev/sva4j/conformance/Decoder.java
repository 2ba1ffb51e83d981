package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.Access;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.EntryState;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.RegisterValues;
import java.util.Set;
import org.opentest4j.TestAbortedException;

/** What the plug-in's own decoder reads in the tables of the device under test. */
final class Decoder {
    private final IommuInspector inspector;
    private final int requester;
    private final Set<EntryState> silent;

    private Decoder(IommuInspector inspector, int requester, Set<EntryState> silent) {
        this.inspector = inspector;
        this.requester = requester;
        this.silent = silent;
    }

    /** Opens the plug-in's decoder on the running system. */
    static Decoder of(Machine machine, Subject subject) {
        IommuInspection inspection = subject.driver()
                .inspection()
                .orElseThrow(() ->
                        new TestAbortedException("plug-in '" + subject.driver().id() + "' has no decoder"));
        DriverHost host = machine.tap().host();
        RegisterValues registers = subject.registers(host.registers());
        assumeTrue(
                registers.values().keySet().containsAll(inspection.requiredRegisters()),
                () -> "the subject does not say what is in the registers " + inspection.requiredRegisters());
        QuiesceStrategy strategy = subject.driver().quiesceStrategies().get(0);
        // Where hardware cannot be silenced per PASID the entry is just empty, and software knows the rest.
        Set<EntryState> silent = strategy.silentInHardware()
                ? Set.of(EntryState.QUIESCED)
                : Set.of(EntryState.QUIESCED, EntryState.EMPTY);
        return new Decoder(
                inspection.open(host.memory(), registers),
                machine.accelerator().spec().requester(),
                silent);
    }

    IommuInspector inspector() {
        return inspector;
    }

    int requester() {
        return requester;
    }

    EntryState state(int pasid) {
        return inspector.state(requester, pasid);
    }

    /** Whether {@code state} is what the entry of a quiesced PASID may say. */
    boolean isSilent(EntryState state) {
        return silent.contains(state);
    }

    /** Where a read of {@code address} would go, or the fault that it would meet. */
    IommuInspector.Answer answer(int pasid, long address) {
        return inspector.translate(requester, pasid, address, Access.READ);
    }

    /** The word that a read of {@code address} would find. */
    long word(Machine machine, int pasid, long address) {
        IommuInspector.Answer answer = answer(pasid, address);
        if (answer.fault() != null) {
            throw new AssertionError("the decoder says '" + answer.fault() + "' where the device reads");
        }
        return machine.tap().host().memory().load(answer.pa());
    }
}
