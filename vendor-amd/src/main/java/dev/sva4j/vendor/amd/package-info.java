/** AMD-Vi: formats. Announces no vendor yet. */
package dev.sva4j.vendor.amd;
