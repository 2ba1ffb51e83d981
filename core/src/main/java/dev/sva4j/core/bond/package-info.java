/**
 * Bonds between devices and processes: bind, exit, unbind, and the order of their steps; and the address spaces of
 * drivers, which no process stands behind.
 */
@NullMarked
package dev.sva4j.core.bond;

import org.jspecify.annotations.NullMarked;
