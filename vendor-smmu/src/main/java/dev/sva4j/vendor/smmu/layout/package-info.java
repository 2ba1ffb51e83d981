/**
 * Arm SMMUv3 as bytes: registers, tables, commands, events and page requests, bit for bit.
 *
 * <p>The only package that the driver half and the hardware half of this vendor share. Each structure is one class that
 * lists its fields in the names and the order of the manual (Arm IHI 0070, issue G.b numbering; "§" without a title is a
 * section of it). All shifts and masks of the vendor are here, and nothing that decides: whether an STE is ILLEGAL, what a
 * fault does and when a command is sent belong to the halves. There is no mutable static state.
 *
 * <p>Where to look:
 *
 * <table>
 * <caption>Structures and their classes</caption>
 * <tr><th>Registers</th><td>{@link dev.sva4j.vendor.smmu.layout.Registers} lists all</td></tr>
 * <tr><th>Stream table</th><td>{@link dev.sva4j.vendor.smmu.layout.StreamTable},
 *     {@link dev.sva4j.vendor.smmu.layout.StreamTableEntry}</td></tr>
 * <tr><th>Context descriptors</th><td>{@link dev.sva4j.vendor.smmu.layout.ContextDescriptorTable},
 *     {@link dev.sva4j.vendor.smmu.layout.ContextDescriptor}</td></tr>
 * <tr><th>Commands</th><td>{@link dev.sva4j.vendor.smmu.layout.CommandOpcode} lists the fields of each</td></tr>
 * <tr><th>Events</th><td>{@link dev.sva4j.vendor.smmu.layout.EventId} lists the fields of each</td></tr>
 * <tr><th>Page requests</th><td>{@link dev.sva4j.vendor.smmu.layout.PriQueueEntry}</td></tr>
 * <tr><th>Queue indexes</th><td>{@link dev.sva4j.vendor.smmu.layout.QueuePointer}</td></tr>
 * <tr><th>Updating live entries</th><td>{@link dev.sva4j.vendor.smmu.layout.UsedBits}</td></tr>
 * </table>
 *
 * <p>Registers and words travel as {@code long}; a 32-bit register is zero-extended. Address fields reach up to bit 55 as
 * in issue G.b; with an output address size of 52 bits or less, bits 55:52 are 0.
 */
@NullMarked
package dev.sva4j.vendor.smmu.layout;

import org.jspecify.annotations.NullMarked;
