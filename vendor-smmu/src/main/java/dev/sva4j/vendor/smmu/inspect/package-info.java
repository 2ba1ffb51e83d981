/**
 * Reads SMMU tables that someone else wrote: a dump of a real machine, a guest, the tables of a driver half under test.
 *
 * <p>What is mapped is found by software's reading of the manual: the field layouts and the page-table engine. What a
 * request gets is answered by the hardware half, which is put in front of the same memory and programmed through its
 * registers. The two share nothing but the layouts, so each checks the other.
 */
@NullMarked
package dev.sva4j.vendor.smmu.inspect;

import org.jspecify.annotations.NullMarked;
