/** The plug-in for AMD-Vi. */
@NullMarked
package dev.sva4j.vendor.amd;

import org.jspecify.annotations.NullMarked;
