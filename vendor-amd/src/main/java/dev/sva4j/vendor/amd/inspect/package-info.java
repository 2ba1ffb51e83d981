/**
 * Reads AMD-Vi tables that someone else wrote: the device table and all below it.
 *
 * <p>The software reading of the tables. There is no hardware half to ask for the other one yet.
 */
@NullMarked
package dev.sva4j.vendor.amd.inspect;

import org.jspecify.annotations.NullMarked;
