/** What others can use of the published modules, as committed text files that a build compares with what it has compiled. */
package dev.sva4j.conformance.surface;
