/**
 * The core: finds nothing by itself, knows no vendor, and is reached through {@link dev.sva4j.spi.CoreProvider} only.
 */
@NullMarked
package dev.sva4j.core;

import org.jspecify.annotations.NullMarked;
