/** Bonds between devices and address spaces: bind, exit, unbind, and the order of their steps. */
@NullMarked
package dev.sva4j.core.bond;

import org.jspecify.annotations.NullMarked;
