/** Reading and writing JSON. */
@NullMarked
package dev.sva4j.cli.json;

import org.jspecify.annotations.NullMarked;
