package dev.sva4j.conformance;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.Endpoint;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;

/** A device with its driver, ready for work. */
final class Accelerator {
    // Enough for every rule; a bond that is still there then was bound more often than any rule does.
    private static final int MOST_BINDS = 64;

    private final SvaDevice driver;
    private final Endpoint model;
    private final Channel dma;

    Accelerator(SvaDevice driver, Endpoint model) {
        this.driver = driver;
        this.model = model;
        this.dma = new Channel(model.openPort());
    }

    /** What its driver has. */
    SvaDevice driver() {
        return driver;
    }

    /** What its model has. */
    Endpoint model() {
        return model;
    }

    DeviceSpec spec() {
        return driver.spec();
    }

    Channel dma() {
        return dma;
    }

    /** One more channel, for a task of its own. */
    Channel newChannel() {
        return new Channel(model.openPort());
    }

    /** Binds {@code mm} to a PASID, or to untagged traffic if the device has no PASIDs. */
    SvaBond bind(AddressSpace mm) {
        return spec().pasidBits() == 0 ? driver.bindUntagged(mm, null) : driver.bind(mm, null);
    }

    /** A PASID that it can send and that nothing is bound to: the allocator starts at the other end. */
    int strayPasid() {
        return (1 << spec().pasidBits()) - 1;
    }

    /** Ends whatever is bound, so that a rule need not tidy up what it does not speak of. */
    void unbindAll() {
        for (SvaBond bond : driver.bonds()) {
            for (int i = 0; i < MOST_BINDS && bond.state() != BondState.NONE; i++) {
                bond.unbind();
            }
        }
    }
}
