/**
 * The driver half of an Intel VT-d remapping unit in scalable mode: the only writer of its tables, descriptors and registers.
 *
 * <p>{@link dev.sva4j.vendor.vtd.driver.VtdDriver} is the entry. Below it, from the outside in:
 *
 * <ul>
 *   <li>devices and PASIDs: {@link dev.sva4j.vendor.vtd.driver.Devices}, {@link dev.sva4j.vendor.vtd.driver.PasidEntries}
 *   <li>tables: {@link dev.sva4j.vendor.vtd.driver.RootTableMemory}, {@link dev.sva4j.vendor.vtd.driver.PasidDirectory}
 *   <li>caches: {@link dev.sva4j.vendor.vtd.driver.Caches}, on {@link dev.sva4j.spi.driver.CompletionQueue} and
 *       {@link dev.sva4j.vendor.vtd.driver.DescriptorRing}
 *   <li>faults: {@link dev.sva4j.vendor.vtd.driver.FaultRecords}, {@link dev.sva4j.vendor.vtd.driver.PageRequestQueue},
 *       {@link dev.sva4j.vendor.vtd.driver.PageRequestDrain}
 *   <li>bring-up: {@link dev.sva4j.vendor.vtd.driver.RemappingUnit}, {@link dev.sva4j.vendor.vtd.driver.Features}
 * </ul>
 *
 * <p>It knows the hardware by {@link dev.sva4j.vendor.vtd.layout} only, and has no shift or mask of its own: positions of
 * bits are declared there. What it programs follows Linux's {@code drivers/iommu/intel} where the manual (Intel D51397,
 * "VT-d 6.5.2" is a section of it) leaves a choice; functions of the kernel are named where a reader may want to compare.
 *
 * <p>Locks are short and never held while waiting: a lock protects the stores of one table or queue, and every wait goes
 * through {@link dev.sva4j.spi.Scheduler}. The rule of each shared field is said where it is declared.
 */
@NullMarked
package dev.sva4j.vendor.vtd.driver;

import org.jspecify.annotations.NullMarked;
