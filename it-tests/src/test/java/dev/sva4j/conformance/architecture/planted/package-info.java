/** A tree of packages like the real one, in which every rule of architecture is broken by a class that says so. */
package dev.sva4j.conformance.architecture.planted;
