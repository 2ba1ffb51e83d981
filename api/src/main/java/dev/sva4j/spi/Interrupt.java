package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * An interrupt that core gave to a driver half; the driver programs either form into the hardware.
 *
 * @param address message address
 * @param data message data
 * @param line wired line, for hardware without message-signalled interrupts
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record Interrupt(long address, int data, int line) {}
