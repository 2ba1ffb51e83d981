/** Telling listeners, and counting. */
@NullMarked
package dev.sva4j.core.event;

import org.jspecify.annotations.NullMarked;
