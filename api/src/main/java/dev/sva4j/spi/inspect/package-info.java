/**
 * What inspectors of different vendors have in common: looking at tables in an image, within bounds, and asking a hardware
 * half what it makes of them.
 *
 * <p>An inspector is software that reads tables with the page-table engine; what {@link
 * dev.sva4j.spi.IommuInspector#translate} answers comes from the vendor's hardware half. Both are readings of one manual, and
 * tests compare them.
 */
@NullMarked
package dev.sva4j.spi.inspect;

import org.jspecify.annotations.NullMarked;
