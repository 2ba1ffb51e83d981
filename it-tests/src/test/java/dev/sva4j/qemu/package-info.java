/**
 * QEMU as a foreign implementation: machines whose IOMMU other people wrote, started without a running processor, driven
 * through registers, memory and DMA.
 */
@NullMarked
package dev.sva4j.qemu;

import org.jspecify.annotations.NullMarked;
