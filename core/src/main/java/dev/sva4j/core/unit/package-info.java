/**
 * One IOMMU: its two halves, what core hands to each, and the byte boundary between them where the operation trace is
 * taken.
 */
@NullMarked
package dev.sva4j.core.unit;

import org.jspecify.annotations.NullMarked;
