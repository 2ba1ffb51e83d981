package dev.sva4j.core.bond;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A plug-in whose driver half writes down what core asks of it, in which order, and refuses what it is told to refuse.
 */
final class RecordingVendor implements IommuVendor {
    /** The calls, e.g. {@code setPasid 1}. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    /** Runs inside each call, before it is written down. */
    volatile Consumer<String> during = call -> {};

    /** What the driver half finds at its start. */
    volatile IommuCapabilities capabilities =
            new IommuCapabilities(20, 48, 48, EnumSet.allOf(IommuCapabilities.Feature.class));

    final AtomicReference<DriverHost> host = new AtomicReference<>();

    static SvaException timedOut() {
        return new SvaException(SvaError.TIMED_OUT, "no completion");
    }

    @Override
    public String id() {
        return "recording";
    }

    @Override
    public String architecture() {
        return "none";
    }

    @Override
    public String description() {
        return "writes down what core asks for";
    }

    @Override
    public PageTableFormat processFormat() {
        return Vmsav8_64.LINUX_4K;
    }

    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return List.of(new QuiesceStrategy("note", "writes a note", true));
    }

    @Override
    public boolean hasDriver() {
        return true;
    }

    @Override
    public boolean hasHardware() {
        return true;
    }

    @Override
    public List<TransactionKind> carries() {
        return List.of(TransactionKind.values());
    }

    @Override
    public IommuDriver createDriver(DriverHost driverHost) {
        host.set(driverHost);
        return new Driver();
    }

    @Override
    public IommuHardware createHardware(HardwareHost hardwareHost) {
        return new Hardware();
    }

    private record Context(long root) implements TranslationContext {
        @Override
        public String tag() {
            return "root " + root;
        }
    }

    private final class Driver implements IommuDriver {
        private void call(String what) {
            during.accept(what);
            calls.add(what);
        }

        @Override
        public IommuCapabilities start() {
            return capabilities;
        }

        @Override
        public void checkProcessFormat(PageTableFormat format) {
            during.accept("format");
        }

        @Override
        public PageTableFormat domainFormat(boolean tagged) {
            return processFormat();
        }

        @Override
        public void attachDevice(DeviceAttachment device) {
            call("attach");
        }

        @Override
        public void detachDevice(int requester) {
            call("detach");
        }

        @Override
        public void setAts(int requester, boolean enabled) {
            call("ats " + enabled);
        }

        @Override
        public void setPageRequests(int requester, boolean enabled) {
            call("pri " + enabled);
        }

        @Override
        public void setUntagged(int requester, UntaggedTraffic traffic) {
            call("untagged " + traffic.mode());
        }

        @Override
        public TranslationContext openContext(PageTableFormat format, long root) {
            call("open");
            return new Context(root);
        }

        @Override
        public void closeContext(TranslationContext context) {
            call("close");
        }

        @Override
        public void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
            call("set");
        }

        @Override
        public void quiescePasid(int requester, int pasid) {
            call("quiesce");
        }

        @Override
        public void clearPasid(int requester, int pasid) {
            call("clear");
        }

        @Override
        public void invalidate(TranslationContext context, long start, long last, boolean tables) {
            call("invalidate");
        }

        @Override
        public void drain(int requester, int pasid) {
            call("drain");
        }

        @Override
        public void respond(PageResponse response) {
            call("respond " + response.code());
        }

        @Override
        public void deviceGone(int requester) {
            call("gone");
        }

        @Override
        public void close() {
            call("stop");
        }
    }

    private static final class Hardware implements IommuHardware {
        private static final Mmio NO_REGISTERS = new Mmio() {
            @Override
            public int read32(long offset) {
                return 0;
            }

            @Override
            public long read64(long offset) {
                return 0;
            }

            @Override
            public void write32(long offset, int value) {}

            @Override
            public void write64(long offset, long value) {}
        };

        @Override
        public Mmio registers() {
            return NO_REGISTERS;
        }

        @Override
        public Set<TransactionKind> carries() {
            return EnumSet.allOf(TransactionKind.class);
        }

        @Override
        public void submit(Transaction transaction) {
            throw new IllegalStateException("no DMA here");
        }

        @Override
        public void pageRequest(PageRequest request) {}

        @Override
        public void atcInvalidationComplete(int requester, int tag) {}

        @Override
        public void close() {}
    }
}
