/**
 * The hardware half of Intel VT-d: a model of a remapping unit, byte for byte (D51397, revision 5.10; a number in
 * brackets is a section of it).
 *
 * <p>{@link dev.sva4j.vendor.vtd.hardware.VtdHardware} is the entry. It shares nothing with a driver but memory,
 * registers and interrupts, and only the package {@code layout} knows where a field is.
 *
 * <pre>
 *   driver port                                          device port
 *     RegisterFile ── Control, FaultRecords, EventMessage    DataPath          reads, writes, atomics, page by page
 *     DescriptorQueue ── DescriptorExecutor                  AtsRequests       translation requests
 *                               │                            PageRequestQueue  page requests
 *                               ▼                                 │
 *                        AtcInvalidations                         ▼
 *                               Translator ── ContextWalk, PasidWalk ── ContextEntry, TranslationEntry
 *                                          ── FirstStageWalk, SecondStageWalk, Permissions
 *                                          ── Caches
 * </pre>
 *
 * <p><strong>Concurrency.</strong> Any thread may enter at either port; none of them ever waits. A translation hit
 * takes no lock. Each piece of a transaction, one page at most, each translation request and each page request runs
 * inside one of the {@link dev.sva4j.spi.InFlightSections}, and inv_wait completes only when every section that was
 * open before it has ended. Caches are filled only if no invalidation has started since before the translation looked
 * at anything. Locks are short and leaves: no two are held at once, and none is held while a device, an interrupt sink,
 * a transaction or the scheduler is called.
 *
 * <p><strong>Results are numbers.</strong> A translation is a {@link dev.sva4j.vendor.vtd.hardware.Leaf} word (not
 * negative) or a {@link dev.sva4j.vendor.vtd.hardware.Fault} word (negative); neither allocates.
 */
@NullMarked
package dev.sva4j.vendor.vtd.hardware;

import org.jspecify.annotations.NullMarked;
