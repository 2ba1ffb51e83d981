/** Numbers for address spaces: which PASIDs are in use, by whom, and when one may be used again. */
@NullMarked
package dev.sva4j.core.pasid;

import org.jspecify.annotations.NullMarked;
