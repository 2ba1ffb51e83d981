/**
 * Our SMMUv3 hardware half against QEMU's: both get the same bytes at the same addresses, the same register writes and
 * the same DMA, and must have the same effects.
 */
@NullMarked
package dev.sva4j.qemu.smmu;

import org.jspecify.annotations.NullMarked;
