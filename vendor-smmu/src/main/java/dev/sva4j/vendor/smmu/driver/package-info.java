/**
 * The driver half of an Arm SMMUv3: the only writer of its tables, commands and registers.
 *
 * <p>{@link dev.sva4j.vendor.smmu.driver.SmmuDriver} is the entry. Below it, from the outside in:
 *
 * <ul>
 *   <li>streams and PASIDs: {@link dev.sva4j.vendor.smmu.driver.Streams},
 *       {@link dev.sva4j.vendor.smmu.driver.PasidEntries}
 *   <li>tables: {@link dev.sva4j.vendor.smmu.driver.StreamTableMemory}, {@link dev.sva4j.vendor.smmu.driver.CdTable}, and
 *       {@link dev.sva4j.vendor.smmu.driver.EntryUpdate}, which changes an entry under the eyes of hardware
 *   <li>caches: {@link dev.sva4j.vendor.smmu.driver.Caches}, on {@link dev.sva4j.vendor.smmu.driver.CommandQueue} and
 *       {@link dev.sva4j.vendor.smmu.driver.CommandRing}
 *   <li>faults: {@link dev.sva4j.vendor.smmu.driver.EventQueue}, {@link dev.sva4j.vendor.smmu.driver.PriQueue}
 *   <li>bring-up: {@link dev.sva4j.vendor.smmu.driver.Smmu}, {@link dev.sva4j.vendor.smmu.driver.Features}
 * </ul>
 *
 * <p>What is not Arm's about it comes from {@link dev.sva4j.spi.driver}: frames of tables, ASIDs, consumers of queues.
 *
 * <p>It knows the hardware by {@link dev.sva4j.vendor.smmu.layout} only, and has no shift or mask of its own: positions
 * of bits are declared there. What it programs follows Linux's {@code drivers/iommu/arm/arm-smmu-v3} where the manual
 * (Arm IHI 0070) leaves a choice; functions of the kernel are named where a reader may want to compare.
 *
 * <p>Locks are short and never held while waiting: a lock protects the stores of one table or queue, and every wait
 * goes through {@link dev.sva4j.spi.Scheduler}. The rule of each shared field is said where it is declared.
 */
@NullMarked
package dev.sva4j.vendor.smmu.driver;

import org.jspecify.annotations.NullMarked;
