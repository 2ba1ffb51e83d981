/**
 * The driver half: writes tables and commands, and knows nothing of the hardware half.
 *
 * <p>{@link dev.sva4j.examples.acme.driver.AcmeDriver} takes the calls, {@code Devices} writes the entries, {@code Commands}
 * issues commands and waits for them, {@code Events} hands on what hardware has recorded. No lock is held at a wait.
 */
package dev.sva4j.examples.acme.driver;
