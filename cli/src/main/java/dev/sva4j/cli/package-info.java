/** The {@code sva4j} command: how it starts, what its commands share, and how every one of them fails. */
@NullMarked
package dev.sva4j.cli;

import org.jspecify.annotations.NullMarked;
