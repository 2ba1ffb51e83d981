/** Every bit of the architecture, declared once: the only thing that the two halves share. No shift or mask is anywhere else. */
package dev.sva4j.examples.acme.layout;
