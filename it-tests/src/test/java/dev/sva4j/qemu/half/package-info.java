/**
 * QEMU's SMMUv3 and its AMD IOMMU as hardware halves: in another process, with registers behind qtest, memory in a file that both map, and
 * DMA by emulated PCI devices.
 *
 * <p><strong>Who moves the bytes.</strong> A transaction is carried out by QEMU's devices from end to end: translation,
 * permission check, event record and payload are all QEMU's. Two devices share one requester id, because both are
 * behind one conventional PCI bridge, whose id is what the IOMMU sees:
 *
 * <ul>
 *   <li>writes: {@code rocker}, which sends any of its MSI-X messages when told to. A message is a write of 32 bits of
 *       our choice to a 64-bit address of our choice, and goes through the IOMMU like all DMA ({@link MessageWriter});
 *   <li>reads: {@code intel-hda}, which reads its command ring (CORB) from a 64-bit address of our choice, 32 bits at
 *       a time, and with {@code debug=2} prints what it has read ({@link CommandRingReader}).
 * </ul>
 *
 * <p>Both act inside one register write, so a transaction ends within a bounded number of exchanges with QEMU. What was
 * found wanting: {@code rocker}'s test DMA writes constants only and reads only what it may write; {@code edu} moves
 * whole blocks but from and to a buffer that nobody else reaches, after 100 ms of virtual time; {@code sdhci-pci},
 * {@code rtl8139} and their like have 32-bit addresses; all others keep descriptors in the memory that is under test.
 *
 * <p><strong>How an access ended</strong> no device tells. QEMU's trace does: one line per translation, with the output
 * address or the reason against it, and one line per interrupt ({@link AccessLog}). The AMD IOMMU does not tell of rights; there
 * it is the place behind the last address that says who has come to nowhere ({@link AmdTrace}). An output address without memory
 * behind it is the bus's abort.
 *
 * <p><strong>What it carries</strong>: requests without a PASID. No device of any QEMU sends PASIDs, ATS or page requests,
 * its SMMU has no substreams and no stall, its AMD IOMMU no guest translation and no event log. Writes are of 4 bytes and more per page.
 *
 * <p>The memory of the system is a NUMA node of its own above the machine's: at start QEMU writes a device tree, say, to its
 * first node, which must not be ours.
 */
@NullMarked
package dev.sva4j.qemu.half;

import org.jspecify.annotations.NullMarked;
