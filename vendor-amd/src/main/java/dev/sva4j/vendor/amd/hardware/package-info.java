/**
 * The hardware half of AMD-Vi: a model of an IOMMU, byte for byte (AMD I/O Virtualization Technology, 48882; a number in
 * brackets is a section of it). Where the manual was not at hand and public code is silent, a comment says what was
 * chosen.
 *
 * <p>{@link dev.sva4j.vendor.amd.hardware.AmdHardware} is the entry. It shares nothing with a driver but memory,
 * registers and interrupts, and only the package {@code layout} knows where a field is.
 *
 * <pre>
 *   driver port                                        device port
 *     RegisterFile ── Control, Interrupts, Log           DataPath      reads, writes, atomics, page by page
 *     CommandBuffer ── CommandExecutor                   AtsRequests   translation requests
 *                             │                          PageRequests  page requests
 *                             ▼                               │
 *                      AtcInvalidations                       ▼
 *                             Translator ── DeviceTableWalk ── DeviceEntry
 *                                        ── Gcr3Walk, GuestWalk, HostWalk, Permissions
 *                                        ── Caches
 *                                        ── Events
 * </pre>
 *
 * <p><strong>Concurrency.</strong> Any thread may enter at either port; none of them ever waits. A translation hit
 * takes no lock. Each piece of a transaction, one page at most, each translation request and each page request runs
 * inside one of the {@link dev.sva4j.spi.InFlightSections}, and COMPLETION_WAIT completes only when every section that
 * was open before it has ended. Caches are filled only if no invalidation has started since before the translation
 * looked at anything. Locks are short; Control's is held over those of the logs and over nothing else, and none is held
 * while a device, an interrupt sink, a transaction or the scheduler is called.
 *
 * <p><strong>Results are numbers.</strong> A translation is a {@link dev.sva4j.vendor.amd.hardware.Leaf} word (not
 * negative) or a {@link dev.sva4j.vendor.amd.hardware.Fault} word (negative); neither allocates.
 */
@NullMarked
package dev.sva4j.vendor.amd.hardware;

import org.jspecify.annotations.NullMarked;
