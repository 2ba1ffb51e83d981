package dev.sva4j.spi;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What happens to requests without a PASID.
 *
 * @param mode blocked, identity, translated or quiesced
 * @param context the address space if translated, else null
 * @param stall whether faults of translated traffic are to stall; only for a device that was attached so
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record UntaggedTraffic(Mode mode, @Nullable TranslationContext context, boolean stall) {
    /** Everything aborts. */
    public static final UntaggedTraffic BLOCKED = new UntaggedTraffic(Mode.BLOCKED, null, false);

    /** Device addresses are physical addresses. */
    public static final UntaggedTraffic IDENTITY = new UntaggedTraffic(Mode.IDENTITY, null, false);

    /** Everything aborts in silence, see {@link Mode#QUIESCED}. */
    public static final UntaggedTraffic QUIESCED = new UntaggedTraffic(Mode.QUIESCED, null, false);

    /** Checks that exactly translated traffic has a context. */
    public UntaggedTraffic {
        if ((mode == Mode.TRANSLATED) != (context != null)) {
            throw new IllegalArgumentException("untagged traffic is " + mode + ": a context goes with TRANSLATED only");
        } else if (stall && mode != Mode.TRANSLATED) {
            throw new IllegalArgumentException("untagged traffic is " + mode + ": only TRANSLATED traffic stalls");
        }
    }

    /** Translated by the tables of {@code context}; faults abort. */
    public static UntaggedTraffic translated(TranslationContext context) {
        return translated(context, false);
    }

    /** Translated by the tables of {@code context}. */
    public static UntaggedTraffic translated(TranslationContext context, boolean stall) {
        return new UntaggedTraffic(Mode.TRANSLATED, context, stall);
    }

    /** The ways to treat it. */
    public enum Mode {
        /** Everything aborts; hardware may record it. */
        BLOCKED,
        /** Device addresses are physical addresses. */
        IDENTITY,
        /** Translated by page tables. */
        TRANSLATED,
        /**
         * Was translated by the tables of a process that is dead now: what {@link IommuDriver#quiescePasid} is for
         * requests with a PASID, with the same promises. Follows TRANSLATED only, and is left for BLOCKED.
         */
        QUIESCED
    }
}
