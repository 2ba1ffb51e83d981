/**
 * The driver half of an AMD-Vi IOMMU: the only writer of its tables, commands and registers.
 *
 * <p>{@link dev.sva4j.vendor.amd.driver.AmdDriver} is the entry. Below it, from the outside in:
 *
 * <ul>
 *   <li>devices and PASIDs: {@link dev.sva4j.vendor.amd.driver.Devices}, {@link dev.sva4j.vendor.amd.driver.Gcr3Entries}, {@link
 *       dev.sva4j.vendor.amd.driver.UntaggedEntries}
 *   <li>tables: {@link dev.sva4j.vendor.amd.driver.DeviceTableMemory}, {@link dev.sva4j.vendor.amd.driver.Gcr3Tables}
 *   <li>caches: {@link dev.sva4j.vendor.amd.driver.Caches}, on {@link dev.sva4j.spi.driver.CompletionQueue} and {@link
 *       dev.sva4j.vendor.amd.driver.CommandRing}
 *   <li>faults: {@link dev.sva4j.vendor.amd.driver.EventLog}, {@link dev.sva4j.vendor.amd.driver.PprLog}
 *   <li>bring-up: {@link dev.sva4j.vendor.amd.driver.Iommu}, {@link dev.sva4j.vendor.amd.driver.Control}, {@link
 *       dev.sva4j.vendor.amd.driver.Features}
 * </ul>
 *
 * <p>It knows the hardware by {@link dev.sva4j.vendor.amd.layout} only, and has no shift or mask of its own: positions of bits are
 * declared there. What it programs follows Linux's {@code drivers/iommu/amd} where the manual (AMD 48882, "AMD-Vi 2.4" is a section
 * of it) leaves a choice; functions of the kernel are named where a reader may want to compare.
 *
 * <p>Locks are short and never held while waiting: a lock protects the stores of one table or queue, and every wait goes through
 * {@link dev.sva4j.spi.Scheduler}. The rule of each shared field is said where it is declared.
 */
@NullMarked
package dev.sva4j.vendor.amd.driver;

import org.jspecify.annotations.NullMarked;
