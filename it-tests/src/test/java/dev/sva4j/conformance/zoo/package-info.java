/** The zoo: plug-ins with one real bug each, kept to show that the kit finds it. */
package dev.sva4j.conformance.zoo;
