/**
 * Intel VT-d. This module is a place holder: it holds no code and announces no vendor yet, so {@code ServiceLoader} finds nothing
 * here and the command line does not list it.
 */
package dev.sva4j.vendor.vtd;
