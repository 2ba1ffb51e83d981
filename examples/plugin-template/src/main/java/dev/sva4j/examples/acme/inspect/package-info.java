/** The decoder: reads tables that anyone wrote, in a running system or in a memory image. */
package dev.sva4j.examples.acme.inspect;
