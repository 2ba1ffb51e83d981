/**
 * The hardware half: reads registers and memory as the manual says, and knows nothing of the driver half.
 *
 * <p>A request comes in at {@link dev.sva4j.examples.acme.hardware.AcmeHardware}, runs through {@code DataPath}, asks {@code
 * Translator}, which asks {@code EntryCache} and {@code PageWalk}; what is refused becomes an event in {@code EventRing}.
 * Nothing here ever waits: what has to wait is remembered, and goes on with what it waits for.
 */
package dev.sva4j.examples.acme.hardware;
