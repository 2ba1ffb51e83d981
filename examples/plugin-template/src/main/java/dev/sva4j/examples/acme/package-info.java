/**
 * A plug-in for an IOMMU that does not exist. Its manual is this:
 *
 * <ul>
 *   <li>A <b>device table</b> of 4096 words, one per requester, points to a <b>PASID table</b> of 512 words. Word 0 of that
 *       serves requests without a PASID. An entry is one word, so that it changes in one store.
 *   <li>A PASID entry is EMPTY (requests abort and are recorded), TRANSLATED, IDENTITY, or QUIET (requests abort and are not
 *       recorded). A translated one has the root of x86-64 tables of 4 levels, and a TAG for what is cached of them. With
 *       STALL a request that finds no page, or not the right to use it, waits for a RESUME command.
 *   <li>Hardware may cache entries, EMPTY ones too, and translations, but no tables. It sets accessed and dirty bits.
 *   <li>The <b>command ring</b> is carried out in order. A WAIT is passed when no access is in flight that began before it.
 *   <li>The <b>event ring</b> takes what is refused. When it is full, refusals are lost and OVERFLOW is set; stalled requests
 *       wait for room.
 *   <li>CONTROL.ENABLE = 0 aborts everything, empties caches and rings, and is in effect when STATUS shows it.
 * </ul>
 *
 * <p>{@code layout} has the formats, {@code driver} and {@code hardware} the halves, which know {@code layout} and nothing of
 * each other, {@code inspect} the decoder.
 */
package dev.sva4j.examples.acme;
