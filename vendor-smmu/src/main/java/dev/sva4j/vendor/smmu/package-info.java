/** The plug-in for Arm SMMUv3. */
@NullMarked
package dev.sva4j.vendor.smmu;

import org.jspecify.annotations.NullMarked;
