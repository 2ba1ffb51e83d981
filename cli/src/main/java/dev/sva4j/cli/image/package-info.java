/** Commands on memory images: what do the IOMMU tables in a dump say? */
@NullMarked
package dev.sva4j.cli.image;

import org.jspecify.annotations.NullMarked;
