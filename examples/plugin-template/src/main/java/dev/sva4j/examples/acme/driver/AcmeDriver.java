package dev.sva4j.examples.acme.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.examples.acme.layout.Command;
import dev.sva4j.examples.acme.layout.PasidTable;
import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.TagAllocator;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.X86_64;
import java.util.EnumSet;

/** The driver half. */
public final class AcmeDriver implements IommuDriver {
    private static final int INPUT_BITS = 48;
    private static final int OUTPUT_BITS = 52;

    private final DriverHost host;
    private final Unit unit;
    private final TableMemory memory;
    private final Commands commands;
    private final Events events;
    private final Devices devices;
    private final TagAllocator tags = new TagAllocator(0, PasidTable.TAG_BITS);

    /** A driver that has not touched its hardware yet. */
    public AcmeDriver(DriverHost host) {
        this.host = host;
        this.unit = new Unit(host);
        this.memory = new TableMemory(unit, host, true);
        this.commands = new Commands(unit, memory);
        this.events = new Events(unit, memory, host.faults());
        this.devices = new Devices(unit, memory, commands);
    }

    @Override
    public IommuCapabilities start() {
        long id = unit.read(Registers.ID);
        if (Registers.VERSION.get(id) != Registers.VERSION_1) {
            throw unit.refusal(SvaError.UNSUPPORTED, "ID.VERSION is " + Registers.VERSION.get(id) + ", not 1");
        }
        // Off first: whatever ran here before must not see tables that are half made.
        enable(false);
        try {
            devices.start();
            commands.start();
            events.start(host.allocateInterrupt(unit.name() + "-events", 0, events::onInterrupt));
            enable(true);
        } catch (RuntimeException e) {
            closeAfter(e);
            throw e;
        }
        return new IommuCapabilities(
                (int) Registers.PASID_BITS.get(id),
                INPUT_BITS,
                OUTPUT_BITS,
                EnumSet.of(
                        IommuCapabilities.Feature.COHERENT_WALK,
                        IommuCapabilities.Feature.STALL,
                        IommuCapabilities.Feature.UNTAGGED_PROCESS,
                        IommuCapabilities.Feature.ACCESS_DIRTY_UPDATE,
                        IommuCapabilities.Feature.RANGE_INVALIDATION,
                        IommuCapabilities.Feature.SILENT_QUIESCE,
                        IommuCapabilities.Feature.MESSAGE_INTERRUPTS));
    }

    private void enable(boolean on) {
        unit.writeAcknowledged(Registers.CONTROL, Registers.STATUS, Registers.ENABLE.encode(on));
    }

    private void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void checkProcessFormat(PageTableFormat format) {
        if (!(format instanceof X86_64 tables) || tables.levels() != X86_64.FOUR_LEVELS.levels()) {
            throw unit.refusal(SvaError.UNSUPPORTED, format.name() + " is not x86-64 with 4 levels");
        }
    }

    @Override
    public PageTableFormat domainFormat(boolean tagged) {
        return X86_64.FOUR_LEVELS;
    }

    @Override
    public void attachDevice(DeviceAttachment device) {
        devices.attach(device);
    }

    @Override
    public void detachDevice(int requester) {
        devices.detach(requester);
    }

    @Override
    public void setAts(int requester, boolean enabled) {
        if (enabled) {
            throw unit.refusal(SvaError.UNSUPPORTED, "there is no ATS");
        }
    }

    @Override
    public void setPageRequests(int requester, boolean enabled) {
        if (enabled) {
            throw unit.refusal(SvaError.UNSUPPORTED, "there are no page requests; devices stall");
        }
    }

    @Override
    public void setUntagged(int requester, UntaggedTraffic traffic) {
        Device device = devices.get(requester);
        TranslationContext context = traffic.context();
        if (context != null) {
            devices.translate(device, PasidTable.UNTAGGED, own(context), traffic.stall());
        } else if (traffic.mode() == UntaggedTraffic.Mode.QUIESCED) {
            devices.quiesce(device, PasidTable.UNTAGGED);
        } else {
            boolean identity = traffic.mode() == UntaggedTraffic.Mode.IDENTITY;
            devices.clear(device, PasidTable.UNTAGGED, identity ? PasidTable.IDENTITY : PasidTable.EMPTY);
        }
    }

    @Override
    public TranslationContext openContext(PageTableFormat format, long root) {
        checkProcessFormat(format);
        int tag = tags.allocate();
        if (tag == TagAllocator.NONE) {
            throw unit.refusal(SvaError.NO_SPACE, "every tag of " + PasidTable.TAG_BITS + " bits is taken");
        }
        return new AcmeContext(this, root, tag);
    }

    /** Its entries were cleared, and with each of them every translation. */
    @Override
    public void closeContext(TranslationContext context) {
        if (own(context).isForgotten()) {
            tags.free(own(context).number());
        }
    }

    @Override
    public void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
        Device device = devices.get(requester);
        devices.check(device, pasid);
        devices.translate(device, pasid, own(context), stall);
    }

    @Override
    public void quiescePasid(int requester, int pasid) {
        devices.quiesce(devices.get(requester), pasid);
    }

    @Override
    public void clearPasid(int requester, int pasid) {
        devices.clear(devices.get(requester), pasid, PasidTable.EMPTY);
    }

    /** Hardware caches no tables, so they need no command of their own. */
    @Override
    public void invalidate(TranslationContext context, long start, long last, boolean tables) {
        commands.execute(CommandBatch.of(Command.invalidateRange(own(context).number()), Command.block(start, last)));
    }

    @Override
    public void drain(int requester, int pasid) {
        events.drain();
    }

    @Override
    public void respond(PageResponse response) {
        if (response.kind() != PageRequest.Kind.STALL) {
            throw new IllegalArgumentException("there are no page requests here: " + response);
        }
        commands.post(Command.resume(response.group(), response.code() == ResponseCode.SUCCESS));
    }

    /** Nothing is ever sent to a device, so nothing waits for one. */
    @Override
    public void deviceGone(int requester) {}

    /** If hardware does not switch off nothing is freed: it may still write to its ring. */
    @Override
    public void close() {
        enable(false);
        events.stop();
        memory.freeAll();
    }

    private AcmeContext own(TranslationContext context) {
        if (context instanceof AcmeContext ours && ours.owner() == this) {
            return ours;
        }
        throw new IllegalArgumentException(unit.name() + " has not opened the context " + context.tag());
    }
}
