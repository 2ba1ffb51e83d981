package dev.sva4j.spi;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What happens to requests without a PASID.
 *
 * @param mode blocked, identity or translated
 * @param context the address space if translated, else null
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public record UntaggedTraffic(Mode mode, @Nullable TranslationContext context) {
    /** Everything aborts. */
    public static final UntaggedTraffic BLOCKED = new UntaggedTraffic(Mode.BLOCKED, null);

    /** Device addresses are physical addresses. */
    public static final UntaggedTraffic IDENTITY = new UntaggedTraffic(Mode.IDENTITY, null);

    /** Checks that exactly translated traffic has a context. */
    public UntaggedTraffic {
        if ((mode == Mode.TRANSLATED) != (context != null)) {
            throw new IllegalArgumentException("untagged traffic is " + mode + ": a context goes with TRANSLATED only");
        }
    }

    /** Translated by the tables of {@code context}. */
    public static UntaggedTraffic translated(TranslationContext context) {
        return new UntaggedTraffic(Mode.TRANSLATED, context);
    }

    /** The three ways to treat it. */
    public enum Mode {
        /** Everything aborts. */
        BLOCKED,
        /** Device addresses are physical addresses. */
        IDENTITY,
        /** Translated by page tables. */
        TRANSLATED
    }
}
