package dev.sva4j.examples.acme.driver;

import dev.sva4j.spi.DeviceAttachment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An attached device.
 *
 * @param attachment what it can do
 * @param pasids its PASID table
 * @param contexts what its entries refer to, or quiesced ones referred to, by index. Any thread; core serialises the calls
 *     for one entry
 */
record Device(DeviceAttachment attachment, long pasids, Map<Integer, AcmeContext> contexts) {
    Device(DeviceAttachment attachment, long pasids) {
        this(attachment, pasids, new ConcurrentHashMap<>());
    }

    int requester() {
        return attachment.requester();
    }

    @Override
    public String toString() {
        return "device 0x" + Integer.toHexString(requester());
    }
}
