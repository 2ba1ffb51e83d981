/**
 * The driver half of an Arm SMMUv3: the only writer of its tables, commands and registers.
 *
 * <p>{@link dev.sva4j.vendor.smmu.driver.SmmuDriver} is the entry. Below it, from the outside in:
 *
 * <table>
 * <caption>Who does what</caption>
 * <tr><th>Streams and PASIDs</th><td>{@link dev.sva4j.vendor.smmu.driver.Streams},
 *     {@link dev.sva4j.vendor.smmu.driver.PasidEntries}</td></tr>
 * <tr><th>Tables</th><td>{@link dev.sva4j.vendor.smmu.driver.StreamTableMemory},
 *     {@link dev.sva4j.vendor.smmu.driver.CdTable}, and {@link dev.sva4j.vendor.smmu.driver.EntryUpdate}, which changes an entry
 *     under the eyes of hardware</td></tr>
 * <tr><th>Caches</th><td>{@link dev.sva4j.vendor.smmu.driver.Caches} on {@link dev.sva4j.vendor.smmu.driver.CommandQueue} and
 *     {@link dev.sva4j.vendor.smmu.driver.CommandRing}</td></tr>
 * <tr><th>Faults</th><td>{@link dev.sva4j.vendor.smmu.driver.EventQueue}, {@link dev.sva4j.vendor.smmu.driver.PriQueue}</td></tr>
 * <tr><th>Bring-up</th><td>{@link dev.sva4j.vendor.smmu.driver.Smmu}, {@link dev.sva4j.vendor.smmu.driver.Features}</td></tr>
 * </table>
 *
 * <p>It knows the hardware by {@link dev.sva4j.vendor.smmu.layout} only, and has no shift or mask of its own: positions of bits are
 * declared there. What it programs follows Linux's {@code drivers/iommu/arm/arm-smmu-v3} where the manual (Arm IHI 0070) leaves a
 * choice; functions of the kernel are named where a reader may want to compare.
 *
 * <p>Locks are short and never held while waiting: a lock protects the stores of one table or queue, and every wait goes through
 * {@link dev.sva4j.spi.Scheduler}. The rule of each shared field is said where it is declared.
 */
@NullMarked
package dev.sva4j.vendor.smmu.driver;

import org.jspecify.annotations.NullMarked;
