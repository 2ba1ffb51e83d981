/**
 * AMD-Vi as bytes: registers, tables, commands, events and page requests, bit for bit.
 *
 * <p>The only package that the driver half and the hardware half of this vendor share. Each structure is one class
 * that lists its fields in the names and the order of the manual (AMD I/O Virtualization Technology (IOMMU)
 * Specification, 48882; "AMD-Vi 2.2.2" is a section of it). All shifts and masks of the vendor are here, and nothing
 * that decides: whether an entry faults, what a fault does and when a command is sent belong to the halves. There is
 * no mutable static state.
 *
 * <p>Where to look:
 *
 * <table>
 * <caption>Structures and their classes</caption>
 * <tr><th>Registers</th><td>{@link dev.sva4j.vendor.amd.layout.Registers} lists all;
 *     {@link dev.sva4j.vendor.amd.layout.Ring} has the arithmetic of the three rings</td></tr>
 * <tr><th>Device table</th><td>{@link dev.sva4j.vendor.amd.layout.DeviceTable} finds the entries;
 *     {@link dev.sva4j.vendor.amd.layout.DeviceTableEntry}</td></tr>
 * <tr><th>PASIDs</th><td>{@link dev.sva4j.vendor.amd.layout.Gcr3Table} finds the entries;
 *     {@link dev.sva4j.vendor.amd.layout.Gcr3TableEntry}</td></tr>
 * <tr><th>Page tables</th><td>{@link dev.sva4j.vendor.amd.layout.HostPageTable} and
 *     {@link dev.sva4j.vendor.amd.layout.HostPageTableEntry} (v1); those of guests (v2) are
 *     {@link dev.sva4j.spi.pagetable.X86_64Layout}, with the addresses of
 *     {@link dev.sva4j.vendor.amd.layout.GuestAddress}</td></tr>
 * <tr><th>Commands</th><td>{@link dev.sva4j.vendor.amd.layout.Command} lists them;
 *     {@link dev.sva4j.vendor.amd.layout.InvalidationRange}</td></tr>
 * <tr><th>Events</th><td>{@link dev.sva4j.vendor.amd.layout.EventCode} lists them;
 *     {@link dev.sva4j.vendor.amd.layout.EventLogEntry} has their fields</td></tr>
 * <tr><th>Page requests</th><td>{@link dev.sva4j.vendor.amd.layout.PprLogEntry},
 *     {@link dev.sva4j.vendor.amd.layout.CompletePprRequest}</td></tr>
 * </table>
 *
 * <p>Registers and words travel as {@code long}; a 32-bit register is zero-extended. The manual itself was not at
 * hand: every bit position is one that public sources (Linux, Xen, FreeBSD, VirtualBox, QEMU, illumos) agree on.
 * Where they do not, or only one speaks, the class says which was chosen.
 */
@NullMarked
package dev.sva4j.vendor.amd.layout;

import org.jspecify.annotations.NullMarked;
