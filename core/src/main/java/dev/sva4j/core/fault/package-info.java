/** Faults of devices: the page-fault queue with its groups and answers, and what becomes of unrecoverable faults. */
@NullMarked
package dev.sva4j.core.fault;

import org.jspecify.annotations.NullMarked;
