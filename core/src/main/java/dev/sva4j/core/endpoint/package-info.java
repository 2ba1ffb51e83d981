/** Devices as an IOMMU sees them: DMA channels, the address translation cache, page requests and their credit. */
@NullMarked
package dev.sva4j.core.endpoint;

import org.jspecify.annotations.NullMarked;
