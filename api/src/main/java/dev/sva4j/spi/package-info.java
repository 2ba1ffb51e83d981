/**
 * What an IOMMU plug-in implements, and what core hands to it.
 *
 * <p>An IOMMU is cut into two halves which share only bytes: the {@linkplain dev.sva4j.spi.IommuDriver driver half}
 * writes tables and commands into physical memory and registers, the {@linkplain dev.sva4j.spi.IommuHardware hardware
 * half} reads nothing else. {@link dev.sva4j.spi.IommuVendor} is the service through which core finds both.
 */
@NullMarked
package dev.sva4j.spi;

import org.jspecify.annotations.NullMarked;
