package dev.sva4j.vendor.vtd.hardware;

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
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.spi.hardware.StructureFetch;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.EventRegisters;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import dev.sva4j.vendor.vtd.layout.LegacyInvalidation;
import dev.sva4j.vendor.vtd.layout.Registers;
import dev.sva4j.vendor.vtd.layout.VersionRegister;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A VT-d remapping unit (D51397, revision 5.10) in legacy and scalable mode: first-stage or second-stage translation,
 * PASIDs, ATS, page requests, queued invalidation and fault recording. The package description says how it is cut.
 *
 * <p>Not implemented, and so not announced in CAP and ECAP: nested translation (such a PASID entry faults with SPT.4),
 * caching mode, interrupt remapping, protected memory regions, host permission tables, translated requests with PASID,
 * performance monitoring. Register-based invalidation is refused, as from major version 6 on. Memory types are accepted
 * and have no effect.
 */
public final class VtdHardware implements IommuHardware {
    /** What {@link DirectTranslation} answers, negated, for a refusal that is no fault: translation is off. */
    public static final int NO_REASON = Fault.NO_REASON;

    private final Features features;
    private final RegisterFile registers = new RegisterFile(Registers.BYTES);
    private final InFlightSections sections = new InFlightSections();
    private final FaultRecords faults;
    private final Translator translator;
    private final PageRequestQueue pageRequests;
    private final DescriptorQueue descriptors;
    private final AtcInvalidations atc;
    private final AtsRequests ats;
    private final DataPath dataPath;

    private volatile boolean closed;

    /** A part with the features of {@link CapabilityRegisters#PRODUCT}, in reset. */
    public VtdHardware(HardwareHost host) {
        this(host, CapabilityRegisters.PRODUCT);
    }

    /**
     * A unit in reset.
     *
     * @param capabilities its capability registers, for example those of a machine whose memory was dumped; what the
     *     model does not implement is {@linkplain CapabilityRegisters#implemented() left out}
     */
    public VtdHardware(HardwareHost host, CapabilityRegisters capabilities) {
        PhysicalMemory memory = host.memory();
        Behaviour behaviour = host.behaviour();
        features = new Features(capabilities.implemented());
        EventMessage faultEvent = new EventMessage(host.interrupts());
        EventMessage completionEvent = new EventMessage(host.interrupts());
        EventMessage pageRequestEvent = new EventMessage(host.interrupts());
        faults = new FaultRecords(features, faultEvent);
        Caches caches = new Caches(behaviour);
        Control control = new Control(features, sections, caches, faults);

        StructureFetch fetch = new StructureFetch(memory, behaviour);
        ContextWalk contexts = new ContextWalk(fetch, features, caches, behaviour);
        PasidWalk pasids = new PasidWalk(fetch, features, caches, behaviour);
        FirstStageWalk firstStage = new FirstStageWalk(memory, features, caches);
        SecondStageWalk secondStage = new SecondStageWalk(memory, features, caches);
        translator = new Translator(control, features, caches, contexts, pasids, firstStage, secondStage, behaviour);

        ats = new AtsRequests(sections, features, translator, faults);
        dataPath = new DataPath(control, sections, translator, faults, memory, host.interrupts());
        pageRequests =
                new PageRequestQueue(features, sections, translator, faults, pageRequestEvent, host.devices(), memory);
        atc = new AtcInvalidations(host.devices());
        DescriptorExecutor executor = new DescriptorExecutor(features, caches, atc, host.devices());
        descriptors = new DescriptorQueue(host, features, control, faults, completionEvent, sections, atc, executor);

        defineCapabilities();
        control.defineRegisters(registers, descriptors::advance, descriptors::isConsuming);
        faults.defineRegisters(registers, descriptors::advance);
        faultEvent.defineRegisters(
                registers, EventRegisters.FECTL, EventRegisters.FEDATA, EventRegisters.FEADDR, EventRegisters.FEUADDR);
        defineQueues(completionEvent, pageRequestEvent);
        refuseInvalidationByRegister();
    }

    private void defineCapabilities() {
        CapabilityRegisters ids = features.registers;
        registers.define(VersionRegister.VER, ids::ver);
        registers.define(CapabilityRegister.CAP, ids::cap);
        registers.define(ExtendedCapabilityRegister.ECAP, ids::ecap);
    }

    private void defineQueues(EventMessage completionEvent, EventMessage pageRequestEvent) {
        if (features.queuedInvalidation) {
            descriptors.defineRegisters(registers);
            completionEvent.defineRegisters(
                    registers,
                    EventRegisters.IECTL,
                    EventRegisters.IEDATA,
                    EventRegisters.IEADDR,
                    EventRegisters.IEUADDR);
        }
        if (features.pageRequests) {
            pageRequests.defineRegisters(registers);
            pageRequestEvent.defineRegisters(
                    registers,
                    EventRegisters.PECTL,
                    EventRegisters.PEDATA,
                    EventRegisters.PEADDR,
                    EventRegisters.PEUADDR);
        }
    }

    /** A command ends at once, with an actual granularity of 0: nothing was invalidated (6.5.1). */
    private void refuseInvalidationByRegister() {
        registers.define(LegacyInvalidation.CCMD, () -> 0);
        long iva = ExtendedCapabilityRegister.iotlbOffset(features.registers.ecap());
        registers.define(iva, Long.SIZE, () -> 0, value -> {});
        registers.define(iva + Long.BYTES, Long.SIZE, () -> 0, value -> {});
    }

    @Override
    public Mmio registers() {
        return registers;
    }

    @Override
    public Set<TransactionKind> carries() {
        Set<TransactionKind> kinds = EnumSet.of(TransactionKind.UNTAGGED, TransactionKind.ATOMIC);
        if (features.pasids) {
            kinds.add(TransactionKind.PASID_TAGGED);
        }
        if (features.deviceTlbs) {
            kinds.add(TransactionKind.ATS);
        }
        if (features.pageRequests) {
            kinds.add(TransactionKind.PAGE_REQUEST);
        }
        return kinds;
    }

    @Override
    public void submit(Transaction transaction) {
        boolean untranslated = transaction.addressType() == AddressType.UNTRANSLATED;
        if (!untranslated && !features.deviceTlbs) {
            throw new IllegalArgumentException("this unit has no ATS (ECAP.DT = 0): " + transaction.addressType());
        }
        if (transaction.pasid() != Pasid.NONE && !features.pasids) {
            throw new IllegalArgumentException("this unit has no PASIDs (ECAP.PASID = 0)");
        }
        if (closed) {
            transaction.complete(CompletionStatus.COMPLETER_ABORT);
        } else if (transaction.addressType() == AddressType.TRANSLATION_REQUEST) {
            ats.serve(transaction);
        } else {
            dataPath.run(transaction);
        }
    }

    @Override
    public void pageRequest(PageRequest request) {
        if (!features.pageRequests) {
            throw new IllegalArgumentException("this unit has no page requests (ECAP.PRS = 0)");
        }
        if (!closed) {
            pageRequests.request(request);
        }
    }

    @Override
    public void atcInvalidationComplete(int requester, int tag) {
        switch (atc.acknowledge(requester, tag)) {
            case LAST -> descriptors.advance();
            case MORE_MISSING -> {}
            case UNEXPECTED -> faults.unexpectedCompletion(requester);
        }
    }

    /**
     * Says that the time-out of PCIe for device-TLB invalidations has passed: those that wait for a function are given
     * up, and ITE is set. Without it, and without an answer, an inv_wait waits until software disables the queue: the
     * model has no clock.
     */
    public void expireDeviceTlbInvalidations() {
        atc.expire();
        descriptors.advance();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The fault code is FR of a fault record, or {@link #NO_REASON}.
     */
    @Override
    public Optional<DirectTranslation> directTranslation() {
        return Optional.of(this::translate);
    }

    private long translate(int requester, int pasid, long address, Access access) {
        int request = Request.of(
                switch (access) {
                    case READ -> Operation.READ;
                    case WRITE -> Operation.WRITE;
                    case EXECUTE -> Operation.EXECUTE;
                },
                pasid);
        long result = translator.translate(requester, pasid, address, request);
        if (!Fault.is(result)) {
            return Leaf.output(result, address);
        }
        faults.record(result, requester, pasid, address, request);
        return -Fault.code(result);
    }

    /** Nothing ever waits here, so there is nothing to abort. */
    @Override
    public void close() {
        closed = true;
    }
}
