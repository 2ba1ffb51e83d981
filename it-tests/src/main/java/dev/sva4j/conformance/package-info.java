/**
 * The conformance kit. A plug-in proves that it keeps the promises of shared virtual addressing with one small class in its tests:
 *
 * <pre>{@code
 * class AcmeRulesTest implements AllRules {
 *     @Override
 *     public IommuVendor vendor() {
 *         return new AcmeVendor();
 *     }
 * }
 * }</pre>
 *
 * <p>Each chapter of {@code SPECIFICATION.md} is an interface whose default methods are the rules; {@link
 * dev.sva4j.conformance.AllRules} is all of them, and a class may implement single chapters instead. {@link
 * dev.sva4j.conformance.Subject} has what else can be chosen. A rule runs once per device and {@link dev.sva4j.spi.Behaviour}.
 */
@NullMarked
package dev.sva4j.conformance;

import org.jspecify.annotations.NullMarked;
