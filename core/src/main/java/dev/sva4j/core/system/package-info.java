/** A whole system: wiring, devices, start and end. */
@NullMarked
package dev.sva4j.core.system;

import org.jspecify.annotations.NullMarked;
