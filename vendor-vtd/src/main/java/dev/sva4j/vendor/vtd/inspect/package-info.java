/**
 * Reads VT-d tables that someone else wrote: root tables of legacy and scalable mode and all below them.
 *
 * <p>The software reading of the tables. How hardware reads them, {@link dev.sva4j.spi.IommuInspector#translate} shows.
 */
@NullMarked
package dev.sva4j.vendor.vtd.inspect;

import org.jspecify.annotations.NullMarked;
