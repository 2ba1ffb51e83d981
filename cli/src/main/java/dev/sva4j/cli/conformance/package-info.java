/** {@code sva4j conformance}: which rules a plug-in keeps. */
@NullMarked
package dev.sva4j.cli.conformance;

import org.jspecify.annotations.NullMarked;
