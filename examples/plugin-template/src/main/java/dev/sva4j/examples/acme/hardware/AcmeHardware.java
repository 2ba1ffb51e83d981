package dev.sva4j.examples.acme.hardware;

import dev.sva4j.api.Access;
import dev.sva4j.examples.acme.layout.Event;
import dev.sva4j.examples.acme.layout.PasidTable;
import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.hardware.RegisterFile;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The hardware half: both ports, and CONTROL. */
public final class AcmeHardware implements IommuHardware {
    /** What {@link DirectTranslation} answers, negated, for a refusal that has no code. */
    public static final int QUIET = Refusal.QUIET;

    private final RegisterFile registers = new RegisterFile(Registers.BYTES);
    private final InFlightSections sections = new InFlightSections();
    private final Translator translator;
    private final EventRing events;
    private final DataPath dataPath;
    private final CommandRing commands;
    /** Whether ENABLE = 0 waits for accesses in flight. Written by whoever switches, and by the end of the last access. */
    private volatile boolean draining;

    /** A unit in reset. */
    public AcmeHardware(HardwareHost host) {
        translator = new Translator(host.memory(), host.behaviour());
        events = new EventRing(host.memory(), host.interrupts());
        dataPath = new DataPath(host.memory(), translator, events, new Stalls(translator), sections);
        commands = new CommandRing(host, translator, dataPath, sections);
        registers.define(
                Registers.ID,
                () -> Registers.VERSION.encode(Registers.VERSION_1) | Registers.PASID_BITS.encode(PasidTable.BITS));
        registers.define(
                Registers.CONTROL,
                () -> Registers.ENABLE.encode(translator.isEnabled()),
                value -> enable(Registers.ENABLE.isSet(value)));
        registers.define(Registers.STATUS, () -> Registers.ENABLE.encode(isInEffect()));
        registers.define(
                Registers.DEVICE_TABLE,
                () -> translator.entries.deviceTable,
                value -> translator.entries.deviceTable = value);
        commands.defineRegisters(registers);
        events.defineRegisters(registers);
    }

    private void enable(boolean on) {
        draining = !on;
        translator.enable(on);
        if (!on) {
            dataPath.abortStalled();
            events.reset();
            sections.whenDrained(() -> draining = false);
        }
        commands.advance();
    }

    /** What STATUS shows: still on while anything is under way. */
    private boolean isInEffect() {
        return translator.isEnabled() || draining || commands.isConsuming();
    }

    @Override
    public Mmio registers() {
        return registers;
    }

    @Override
    public Set<TransactionKind> carries() {
        return EnumSet.of(
                TransactionKind.UNTAGGED, TransactionKind.PASID_TAGGED, TransactionKind.STALL, TransactionKind.ATOMIC);
    }

    @Override
    public void submit(Transaction transaction) {
        if (transaction.addressType() != AddressType.UNTRANSLATED) {
            throw new IllegalArgumentException("there is no ATS here: " + transaction.addressType());
        }
        dataPath.run(transaction, 0);
    }

    @Override
    public void pageRequest(PageRequest request) {
        throw new IllegalArgumentException("there are no page requests here: " + request);
    }

    @Override
    public void atcInvalidationComplete(int requester, int tag) {
        throw new IllegalArgumentException("there is no ATS here: an answer of requester " + requester);
    }

    @Override
    public Optional<DirectTranslation> directTranslation() {
        return Optional.of(this::translate);
    }

    private long translate(int requester, int pasid, long address, Access access) {
        Operation operation = switch (access) {
            case READ -> Operation.READ;
            case WRITE -> Operation.WRITE;
            case EXECUTE -> Operation.EXECUTE;
        };
        long result = translator.translate(requester, pasid, address, operation);
        if (!Refusal.is(result)) {
            return Leaf.output(result, address);
        }
        if (Refusal.code(result) != Refusal.QUIET) {
            events.refused(DataPath.event(requester, pasid, operation, result), Event.page(address));
        }
        return -Refusal.code(result);
    }

    @Override
    public void close() {
        enable(false);
    }
}
