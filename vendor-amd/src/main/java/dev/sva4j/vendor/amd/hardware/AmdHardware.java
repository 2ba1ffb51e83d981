package dev.sva4j.vendor.amd.hardware;

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
import dev.sva4j.vendor.amd.layout.EventLogEntry;
import dev.sva4j.vendor.amd.layout.EventLogRegisters;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures2;
import dev.sva4j.vendor.amd.layout.Registers;
import dev.sva4j.vendor.amd.layout.StatusRegister;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * An AMD IOMMU (48882): device table, guest (v2), host (v1) and nested translation, PASIDs, ATS, page requests, command
 * buffer, event log. The package description says how it is cut.
 *
 * <p>Not implemented, and so not announced in EFR: accessed and dirty flags of host tables, interrupt remapping, the
 * guest virtual APIC, second logs, early overflow, the exclusion range, hardware error registers, virtual IOMMUs. In the
 * device table, fields for those count for nothing. What the capability header would say is IotlbSup = 1 and NpCache =
 * 0.
 */
public final class AmdHardware implements IommuHardware {
    /** What {@link DirectTranslation} answers, negated, for a refusal that is no event: the IOMMU is off. */
    public static final int NO_EVENT = 1 << 16;

    private final Features features;
    private final RegisterFile registers = new RegisterFile(Registers.BYTES);
    private final InFlightSections sections = new InFlightSections();
    private final Translator translator;
    private final PageRequests pageRequests;
    private final CommandBuffer commands;
    private final AtcInvalidations atc;
    private final AtsRequests ats;
    private final DataPath dataPath;

    private volatile boolean closed;

    /** A part with the features of {@link FeatureRegisters#PRODUCT}, in reset. */
    public AmdHardware(HardwareHost host) {
        this(host, FeatureRegisters.PRODUCT);
    }

    /**
     * An IOMMU in reset.
     *
     * @param featureRegisters what it can do, for example that of a machine whose memory was dumped; what the model does
     *     not implement is {@linkplain FeatureRegisters#implemented() left out}
     */
    public AmdHardware(HardwareHost host, FeatureRegisters featureRegisters) {
        PhysicalMemory memory = host.memory();
        Behaviour behaviour = host.behaviour();
        features = new Features(featureRegisters.implemented());
        Interrupts interrupts = new Interrupts(host.interrupts());
        Log eventLog = new Log(memory, interrupts, StatusRegister.EVENT_OVERFLOW, StatusRegister.EVENT_LOG_INT);
        Log pageRequestLog = new Log(memory, interrupts, StatusRegister.PPR_OVERFLOW, StatusRegister.PPR_INT);
        Control control = new Control(features, eventLog, pageRequestLog, interrupts);
        Events events = new Events(eventLog);
        Caches caches = new Caches(behaviour);

        StructureFetch fetch = new StructureFetch(memory, behaviour);
        DeviceTableWalk devices = new DeviceTableWalk(fetch, features, caches, behaviour);
        HostWalk hostWalk = new HostWalk(memory, features, caches, behaviour.speculativeFill());
        Gcr3Walk gcr3Walk = new Gcr3Walk(memory, features, caches, hostWalk);
        GuestWalk guestWalk = new GuestWalk(memory, features, caches, hostWalk, behaviour.speculativeFill());
        translator = new Translator(control, features, caches, devices, gcr3Walk, guestWalk, hostWalk, events);

        ats = new AtsRequests(sections, translator);
        dataPath = new DataPath(sections, translator, memory, host.interrupts());
        pageRequests =
                new PageRequests(control, features, sections, translator, events, pageRequestLog, host.devices());
        atc = new AtcInvalidations(host.devices());
        CommandExecutor executor = new CommandExecutor(features, caches, atc, host.devices(), translator);
        commands = new CommandBuffer(host, control, events, interrupts, sections, atc, executor);

        FeatureRegisters announced = features.registers;
        registers.define(ExtendedFeatures.EXT_FEATURE, announced::efr);
        registers.define(ExtendedFeatures2.EXT_FEATURE2, announced::efr2);
        control.defineRegisters(registers, commands::advance);
        commands.defineRegisters(registers);
        eventLog.defineRegisters(
                registers, EventLogRegisters.EVTLOG_BASE, EventLogRegisters.EVTLOG_HEAD, EventLogRegisters.EVTLOG_TAIL);
        if (features.pageRequests) {
            pageRequests.defineRegisters(registers);
        }
        interrupts.defineRegisters(registers, features, () -> runBits(eventLog, pageRequestLog));
    }

    private long runBits(Log eventLog, Log pageRequestLog) {
        return StatusRegister.EVENT_LOG_RUN.encode(eventLog.isRunning())
                | StatusRegister.CMD_BUF_RUN.encode(commands.isRunning())
                | StatusRegister.PPR_LOG_RUN.encode(pageRequestLog.isRunning());
    }

    @Override
    public Mmio registers() {
        return registers;
    }

    @Override
    public Set<TransactionKind> carries() {
        Set<TransactionKind> kinds = EnumSet.of(TransactionKind.UNTAGGED, TransactionKind.ATS, TransactionKind.ATOMIC);
        if (features.guests) {
            kinds.add(TransactionKind.PASID_TAGGED);
        }
        if (features.pageRequests) {
            kinds.add(TransactionKind.PAGE_REQUEST);
        }
        return kinds;
    }

    @Override
    public void submit(Transaction transaction) {
        if (transaction.pasid() != Pasid.NONE && !features.guests) {
            throw new IllegalArgumentException("this IOMMU has no PASIDs (EFR.GTSup = 0)");
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
            throw new IllegalArgumentException("this IOMMU has no page requests (EFR.PPRSup = 0)");
        }
        if (!closed) {
            pageRequests.request(request);
        }
    }

    /** An answer that nobody asked for is ignored: there is no event for it. */
    @Override
    public void atcInvalidationComplete(int requester, int tag) {
        if (atc.acknowledge(requester, tag) == AtcInvalidations.Answer.LAST) {
            commands.advance();
        }
    }

    /**
     * Says that Control.InvTimeOut has passed: device-TLB invalidations that wait for a device are given up, with an
     * IOTLB_INV_TIMEOUT. Without it, and without an answer, a COMPLETION_WAIT waits until software disables the command
     * buffer: the model has no clock.
     */
    public void expireDeviceTlbInvalidations() {
        atc.expire();
        commands.advance();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The fault code is {@link EventLogEntry#CODE_AND_FLAGS} of the event that is logged or would be, or {@link
     * #NO_EVENT}.
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
        return result == Fault.SILENT
                ? -NO_EVENT
                : -EventLogEntry.CODE_AND_FLAGS.get(translator.event(result, requester, pasid, request));
    }

    /** Nothing ever waits here, so there is nothing to abort. */
    @Override
    public void close() {
        closed = true;
    }
}
