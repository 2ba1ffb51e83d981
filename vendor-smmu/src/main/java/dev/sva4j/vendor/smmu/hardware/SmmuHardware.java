package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.AIDR;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.STALL_MODEL_TERMINATE_ONLY;

import dev.sva4j.api.Access;
import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.hardware.AtcInvalidations;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.hardware.StructureFetch;
import dev.sva4j.vendor.smmu.layout.FaultResponse;
import dev.sva4j.vendor.smmu.layout.Registers;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An SMMUv3 with stage 1 translation (Arm IHI 0070): substreams, ATS, PRI, the stall model, and the queues that go with
 * them. The package description says how it is cut.
 *
 * <p>Not implemented, and so not announced in the ID registers: stage 2 (an STE that asks for it is ILLEGAL), hardware
 * update of access flag and dirty state, EL2 StreamWorlds, the Secure state, AArch32 and big-endian tables, 52-bit
 * addresses, broadcast TLB maintenance. Memory attributes are accepted and have no effect.
 */
public final class SmmuHardware implements IommuHardware {
    /**
     * What {@link DirectTranslation} answers, negated, for an abort without an event: STE.Config = 0xx or GBPA.ABORT.
     */
    public static final int NO_EVENT = Fault.NO_EVENT;

    private final Features features;
    private final RegisterFile registers = new RegisterFile(Registers.BYTES);
    private final Control control;
    private final Translator translator;
    private final EventQueue events;
    private final PriQueue pageRequests;
    private final CommandQueue commands;
    private final AtcInvalidations atc;
    private final Stalls stalls;
    private final AtsRequests ats;
    private final DataPath dataPath;

    private volatile boolean closed;

    /** A part with the features of {@link IdRegisters#PRODUCT}, in reset. */
    public SmmuHardware(HardwareHost host) {
        this(host, IdRegisters.PRODUCT);
    }

    /**
     * An SMMU in reset.
     *
     * @param ids its ID registers, for example those of a machine whose memory was dumped; what the model does not
     *     implement is {@linkplain IdRegisters#implemented() left out}
     */
    public SmmuHardware(HardwareHost host, IdRegisters ids) {
        PhysicalMemory memory = host.memory();
        Behaviour behaviour = host.behaviour();
        features = new Features(ids.implemented());
        InFlightSections sections = new InFlightSections();
        control = new Control(features, sections);
        Interrupts interrupts = new Interrupts(host.interrupts(), memory, features);
        GlobalErrors errors = new GlobalErrors(interrupts);

        StructureFetch fetch = new StructureFetch(memory, behaviour);
        AtomicLong invalidations = new AtomicLong();
        StreamTableWalk streams = new StreamTableWalk(fetch, features, behaviour, invalidations);
        ContextFetch contexts = new ContextFetch(fetch, features, behaviour, invalidations);
        TranslationCaches caches = new TranslationCaches(behaviour, invalidations);
        Stage1Walk walk = new Stage1Walk(memory, caches.tables);
        translator = new Translator(features, streams, contexts, invalidations, caches, walk, behaviour);

        events = new EventQueue(control, errors, interrupts, memory, features);
        pageRequests = new PriQueue(control, translator, errors, interrupts, host.devices(), memory, features);
        ats = new AtsRequests(control, sections, translator, events);
        stalls = new Stalls(control, events, features);
        dataPath = new DataPath(control, sections, translator, ats, events, stalls, memory);
        atc = new AtcInvalidations(host.devices());
        CommandExecutor executor =
                new CommandExecutor(control, features, streams, contexts, caches, atc, host.devices(), dataPath);
        commands = new CommandQueue(host, features, control, errors, interrupts, sections, atc, executor);

        defineIdRegisters();
        control.defineRegisters(registers, this::onSwitch, commands::isConsuming);
        interrupts.defineRegisters(registers);
        errors.defineRegisters(registers, this::onErrorAcknowledged);
        commands.defineRegisters(registers);
        events.defineRegisters(registers);
        pageRequests.defineRegisters(registers);
    }

    private void defineIdRegisters() {
        IdRegisters ids = features.ids;
        registers.define(IDR0, ids::idr0);
        registers.define(IDR1, ids::idr1);
        registers.define(IDR3, ids::idr3);
        registers.define(IDR5, ids::idr5);
        registers.define(AIDR, ids::aidr);
    }

    /** CR0 was written: what was waiting for a switch may go on. */
    private void onSwitch() {
        if (!control.settings().enabled()) {
            dataPath.abortAllStalled();
        }
        events.writeWaiting();
        commands.advance();
    }

    private void onErrorAcknowledged() {
        events.writeWaiting();
        commands.advance();
    }

    @Override
    public Mmio registers() {
        return registers;
    }

    @Override
    public Set<TransactionKind> carries() {
        Set<TransactionKind> kinds = EnumSet.of(TransactionKind.UNTAGGED, TransactionKind.ATOMIC);
        if (features.ssidSize > 0) {
            kinds.add(TransactionKind.PASID_TAGGED);
        }
        if (features.ats) {
            kinds.add(TransactionKind.ATS);
        }
        if (features.pri) {
            kinds.add(TransactionKind.PAGE_REQUEST);
        }
        if (features.stallModel != STALL_MODEL_TERMINATE_ONLY) {
            kinds.add(TransactionKind.STALL);
        }
        return kinds;
    }

    @Override
    public void submit(Transaction transaction) {
        boolean untranslated = transaction.addressType() == AddressType.UNTRANSLATED;
        if (!untranslated && !features.ats) {
            throw new IllegalArgumentException("this SMMU has no ATS (IDR0.ATS = 0): " + transaction.addressType());
        }
        if (transaction.pasid() != Pasid.NONE && features.ssidSize == 0) {
            throw new IllegalArgumentException("this SMMU has no substreams (IDR1.SSIDSIZE = 0)");
        }
        if (closed) {
            transaction.complete(CompletionStatus.COMPLETER_ABORT);
        } else if (transaction.addressType() == AddressType.TRANSLATION_REQUEST) {
            ats.serve(transaction);
        } else {
            dataPath.run(transaction, 0);
        }
    }

    @Override
    public void pageRequest(PageRequest request) {
        if (!features.pri) {
            throw new IllegalArgumentException("this SMMU has no page requests (IDR0.PRI = 0)");
        }
        if (!closed) {
            pageRequests.request(request);
        }
    }

    @Override
    public void atcInvalidationComplete(int requester, int tag) {
        if (atc.acknowledge(requester, tag) == AtcInvalidations.Answer.LAST) {
            commands.advance();
        }
    }

    /**
     * Says that the time-out of PCIe for ATC invalidations has passed: a CMD_SYNC that waits for one fails with
     * CERROR_ATC_INV_SYNC. Without it, and without an answer, that CMD_SYNC waits until software disables the Command
     * queue: the model has no clock.
     */
    public void expireAtcInvalidations() {
        atc.expire();
        commands.advance();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The fault code is the event number, or {@link #NO_EVENT}. A fault that would stall is not recorded: there is
     * no transaction that could be resumed.
     */
    @Override
    public Optional<DirectTranslation> directTranslation() {
        return Optional.of(this::translate);
    }

    private long translate(int requester, int pasid, long address, Access access) {
        Operation operation = switch (access) {
            case READ -> Operation.READ;
            case WRITE -> Operation.WRITE;
            case EXECUTE -> pasid == Pasid.NONE ? Operation.READ : Operation.EXECUTE;
        };
        int need = Permissions.needed(operation, false);
        Settings settings = control.settings();
        long result = translator.translate(settings, requester, pasid, address, need);
        if (!Fault.is(result)) {
            return Leaf.output(result, address);
        }
        FaultResponse response = Fault.response(result);
        if (response.records() && !response.stalls()) {
            events.recordFault(settings, result, requester, pasid, address, need);
        }
        return -Fault.number(result);
    }

    @Override
    public void close() {
        closed = true;
        stalls.close();
        dataPath.abortAllStalled();
    }
}
