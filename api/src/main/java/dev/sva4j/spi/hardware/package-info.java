/**
 * Parts that hardware halves of different architectures have in common: how registers are found, how structures are
 * fetched and cached, and who waits for whom. What a bit means is never decided here.
 *
 * <p>A hardware half may use them or not. All are thread-safe, and none of them blocks.
 *
 * <p>The caches share an <em>epoch</em>, the number of invalidations started so far. A translation samples it before it
 * looks at anything, and what it finds comes into a cache only if no invalidation has started since: what an
 * invalidation meant to drop cannot come in after it. The sample is a volatile read, which also orders what follows
 * after every invalidation that was counted before.
 *
 * @since 0.0.1
 */
@NullMarked
package dev.sva4j.spi.hardware;

import org.jspecify.annotations.NullMarked;
