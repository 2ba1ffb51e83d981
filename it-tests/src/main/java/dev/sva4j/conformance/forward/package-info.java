/** The ports of an IOMMU passed on, for whatever sits between them and differs in one point. Not part of what the kit exports. */
@NullMarked
package dev.sva4j.conformance.forward;

import org.jspecify.annotations.NullMarked;
