package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * A device as a driver half sees it when it is attached.
 *
 * @param requester requester id (PCI) or StreamID, unsigned
 * @param pasidBits PASIDs the device can emit, 0 (none) … 20
 * @param stall whether the device tolerates stalled transactions (never a PCI function)
 * @param ats whether the function has an ATC
 * @param pri whether the function has a page-request interface
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record DeviceAttachment(int requester, int pasidBits, boolean stall, boolean ats, boolean pri) {}
