/** The plug-in for Intel VT-d. */
@NullMarked
package dev.sva4j.vendor.vtd;

import org.jspecify.annotations.NullMarked;
