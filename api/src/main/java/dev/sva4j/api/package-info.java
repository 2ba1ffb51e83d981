/**
 * Shared Virtual Addressing for those who use it: device drivers and device models.
 *
 * <p>Start at {@link dev.sva4j.api.SvaSystem}. A driver initialises a device, binds an address space to it and gets a
 * bond with a PASID; its device then does DMA straight into that address space. The names are those of the kernel; each
 * call's documentation names its counterpart in Linux.
 */
@NullMarked
package dev.sva4j.api;

import org.jspecify.annotations.NullMarked;
