/** The plug-in for Intel VT-d. It announces no vendor yet, so {@code ServiceLoader} finds nothing here. */
package dev.sva4j.vendor.vtd;
