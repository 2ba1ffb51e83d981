package dev.sva4j.cli.demo;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks at one moment after the other whether a PASID can be had again: by a bind on a device that can use no other
 * number. So the answer is what the allocator does, not what a policy is said to do.
 */
final class PasidTrial {
    private static final String NEVER = "never";

    private final Timeline timeline;
    private final List<String> broken;
    private final int pasid;
    private final SvaDevice device;
    private final AddressSpace waiting;
    private @Nullable SvaBond bond;
    private String firstSuccess = NEVER;

    PasidTrial(SvaSystem system, int pasid, Timeline timeline, List<String> broken) {
        this.pasid = pasid;
        this.timeline = timeline;
        this.broken = broken;
        this.device =
                system.initDevice(DemoMachine.NARROW, DeviceOptions.DEFAULT.withPasids(new PasidRange(pasid, pasid)));
        this.waiting = system.createAddressSpace("next");
    }

    /** Tries once more, unless it has succeeded before. */
    void attempt(String moment) {
        if (bond != null) {
            return;
        }
        try {
            SvaBond got = device.bind(waiting, null);
            bond = got;
            firstSuccess = moment;
            timeline.add("after %s: process 'next' gets PASID %d".formatted(moment, got.pasid()));
            if (got.pasid() != pasid) {
                broken.add("a device that can use only PASID " + pasid + " was given " + got.pasid());
            }
        } catch (SvaException e) {
            if (e.error() != SvaError.NO_SPACE) {
                throw e;
            }
            timeline.add("after %s: process 'next', whose device can use only PASID %d, is refused: %s"
                    .formatted(moment, pasid, e.error()));
        }
    }

    /** The first moment at which it succeeded. */
    String firstSuccess() {
        return firstSuccess;
    }

    /** Gives the number back. */
    void end() {
        if (bond != null) {
            bond.unbind();
        } else {
            broken.add("PASID " + pasid + " never came back");
        }
        waiting.close();
        device.close();
    }
}
