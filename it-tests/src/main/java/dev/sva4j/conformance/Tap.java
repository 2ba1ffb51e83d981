package dev.sva4j.conformance;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.conformance.forward.ForwardingHardwareHost;
import dev.sva4j.conformance.forward.ForwardingVendor;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sits between core and both halves of the one IOMMU of a system, passes everything on, and lets a rule use the ports of either half
 * itself: as a device that no endpoint model is, or as a caller of the driver with arguments that core never has.
 */
final class Tap {
    private final int underTest;
    private final IommuVendor driverVendor;
    private final IommuVendor hardwareVendor;

    // Written once while the system is built.
    private volatile @Nullable DriverHost host;
    private volatile @Nullable CountedFrames frames;
    private volatile @Nullable IommuDriver driver;
    private volatile @Nullable IommuHardware hardware;
    private volatile @Nullable TappedLink link;

    /** The address space behind each PASID, as the driver half was told last; for one device. */
    private final Map<Integer, TranslationContext> contexts = new ConcurrentHashMap<>();

    Tap(Subject subject, int underTest) {
        this.underTest = underTest;
        this.driverVendor = subject.driver();
        this.hardwareVendor = subject.hardware();
    }

    IommuVendor driverVendor() {
        return new ForwardingVendor(driverVendor) {
            @Override
            public IommuDriver createDriver(DriverHost offered) {
                CountedFrames counted = new CountedFrames(offered.frames());
                host = offered;
                frames = counted;
                IommuDriver made = super.createDriver(new ForwardingDriverHost(offered) {
                    @Override
                    public FrameAllocator frames() {
                        return counted;
                    }
                });
                IommuDriver tapped = new TappedDriver(made);
                driver = tapped;
                return tapped;
            }
        };
    }

    IommuVendor hardwareVendor() {
        return new ForwardingVendor(hardwareVendor) {
            @Override
            public IommuHardware createHardware(HardwareHost offered) {
                TappedLink tapped = new TappedLink(offered.devices());
                link = tapped;
                IommuHardware made = super.createHardware(new ForwardingHardwareHost(offered) {
                    @Override
                    public DeviceLink devices() {
                        return tapped;
                    }
                });
                hardware = made;
                return made;
            }
        };
    }

    /** What core gave to the driver half. */
    DriverHost host() {
        return require(host, () -> "driver half");
    }

    CountedFrames frames() {
        return require(frames, () -> "driver half");
    }

    IommuDriver driver() {
        return require(driver, () -> "driver half");
    }

    IommuHardware hardware() {
        return require(hardware, () -> "hardware half");
    }

    TappedLink link() {
        return require(link, () -> "hardware half");
    }

    /** The address space that {@code pasid} of the device under test translates through. */
    TranslationContext context(int pasid) {
        return require(contexts.get(pasid), () -> "context of PASID " + pasid);
    }

    private static <T> T require(@Nullable T captured, Supplier<String> what) {
        if (captured == null) {
            throw new AssertionError("core has made no " + what.get());
        }
        return captured;
    }

    private final class TappedDriver extends ForwardingDriver {
        TappedDriver(IommuDriver to) {
            super(to);
        }

        @Override
        public void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
            super.setPasid(requester, pasid, context, stall);
            contexts.put(pasid, context);
        }

        @Override
        public void setUntagged(int requester, UntaggedTraffic traffic) {
            super.setUntagged(requester, traffic);
            TranslationContext context = traffic.context();
            if (context != null && requester == underTest) {
                contexts.put(Pasid.NONE, context);
            }
        }
    }
}
