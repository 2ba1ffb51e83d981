/**
 * The hardware half of Arm SMMUv3: a model of the device, byte for byte (Arm IHI 0070, "§n" is a section of it).
 *
 * <p>{@link dev.sva4j.vendor.smmu.hardware.SmmuHardware} is the entry. It shares nothing with a driver but memory,
 * registers and interrupts, and only the package {@code layout} knows where a field is.
 *
 * <pre>
 *   driver port                                       device port
 *     RegisterFile ── Control, Interrupts, GlobalErrors   DataPath      reads, writes, atomics, page by page
 *     CommandQueue ── CommandExecutor                     AtsRequests   translation requests
 *     EventQueue, PriQueue ── OutputQueue                 Stalls        transactions that wait for CMD_RESUME
 *                               │                              │
 *                               ▼                              ▼
 *                    AtcInvalidations                    Translator ── StreamTableWalk, ContextFetch, ConfigCache
 *                                                                   ── Iotlb, Stage1Walk, Permissions
 * </pre>
 *
 * <p><strong>Concurrency.</strong> Any thread may enter at either port; none of them ever waits. A translation hit
 * takes no lock. Each piece of a transaction, one page at most, runs inside one of the {@link
 * dev.sva4j.spi.InFlightSections}, and CMD_SYNC completes only when every section that was open before it has ended.
 * Caches are filled only if no invalidation has started since before the walk looked at anything. Locks are short and
 * leaves: no two are held at once, and none is held while a device, an interrupt sink, a transaction or the scheduler
 * is called.
 *
 * <p><strong>Results are numbers.</strong> A translation is a {@link dev.sva4j.vendor.smmu.hardware.Leaf} word (not
 * negative) or a {@link dev.sva4j.vendor.smmu.hardware.Fault} word (negative); neither allocates.
 */
@NullMarked
package dev.sva4j.vendor.smmu.hardware;

import org.jspecify.annotations.NullMarked;
