/**
 * Intel VT-d as bytes: registers, tables, invalidation descriptors, page requests and fault records, bit for bit.
 *
 * <p>The only package that the driver half and the hardware half of this vendor share. Each structure is one class that
 * lists its fields in the names and the order of the manual (Intel VT-d architecture specification, D51397, revision 5.10;
 * "VT-d 9.6" is a section of it). All shifts and masks of the vendor are here, and nothing that decides: whether an entry
 * faults, what a fault does and when a descriptor is sent belong to the halves. There is no mutable static state.
 *
 * <p>Where to look:
 *
 * <table>
 * <caption>Structures and their classes</caption>
 * <tr><th>Registers</th><td>{@link dev.sva4j.vendor.vtd.layout.Registers} lists all</td></tr>
 * <tr><th>Root and context tables</th><td>{@link dev.sva4j.vendor.vtd.layout.RootTable} finds the entries;
 *     {@link dev.sva4j.vendor.vtd.layout.ScalableRootEntry}, {@link dev.sva4j.vendor.vtd.layout.ScalableContextEntry},
 *     {@link dev.sva4j.vendor.vtd.layout.LegacyRootEntry}, {@link dev.sva4j.vendor.vtd.layout.LegacyContextEntry}</td></tr>
 * <tr><th>PASIDs</th><td>{@link dev.sva4j.vendor.vtd.layout.PasidTable} finds the entries;
 *     {@link dev.sva4j.vendor.vtd.layout.PasidDirectoryEntry},
 *     {@link dev.sva4j.vendor.vtd.layout.PasidTableEntry}</td></tr>
 * <tr><th>Page tables</th><td>{@link dev.sva4j.vendor.vtd.layout.SecondStageEntry}; the first stage is
 *     {@link dev.sva4j.spi.pagetable.X86_64Layout}</td></tr>
 * <tr><th>Descriptors</th><td>{@link dev.sva4j.vendor.vtd.layout.InvalidationDescriptor} lists the types</td></tr>
 * <tr><th>Page requests</th><td>{@link dev.sva4j.vendor.vtd.layout.PageRequestDescriptor},
 *     {@link dev.sva4j.vendor.vtd.layout.PageGroupResponse}</td></tr>
 * <tr><th>Faults</th><td>{@link dev.sva4j.vendor.vtd.layout.FaultRecord},
 *     {@link dev.sva4j.vendor.vtd.layout.FaultReason}</td></tr>
 * </table>
 *
 * <p>Registers and words travel as {@code long}; a 32-bit register is zero-extended. Address fields reach up to bit 63:
 * what lies at or above the host address width is reserved, which only a half that knows the width can check. Host
 * permission tables (ECAP.HPTS) are not modelled, so their fields count as reserved.
 */
@NullMarked
package dev.sva4j.vendor.vtd.layout;

import org.jspecify.annotations.NullMarked;
