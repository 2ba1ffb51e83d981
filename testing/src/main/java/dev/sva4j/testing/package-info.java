/**
 * Fakes of what core gives to the halves of an IOMMU, for unit tests of a half: memory that tells what was stored, a
 * scheduler whose clock only waiting moves, hosts that record. Whole systems are tested with the conformance kit.
 */
@NullMarked
package dev.sva4j.testing;

import org.jspecify.annotations.NullMarked;
