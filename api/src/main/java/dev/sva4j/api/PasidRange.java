package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * A range of PASIDs, both ends included.
 *
 * @param min at least 1: PASID 0 is never handed out
 * @param max at least {@code min}, at most 2^20−1; only {@link #EMPTY} ends before it begins
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record PasidRange(int min, int max) {
    /** Every PASID that can be handed out. */
    public static final PasidRange ALL = new PasidRange(1, (1 << 20) - 1);

    /** No PASID at all: 1 … 0. What a device has that can only be bound to untagged traffic. */
    public static final PasidRange EMPTY = new PasidRange(1, 0);

    /** Checks the ends. */
    public PasidRange {
        boolean empty = min == 1 && max == 0;
        if (!empty && (min < 1 || max < min || max > (1 << 20) - 1)) {
            throw new SvaException(
                    SvaError.RANGE,
                    String.format(
                            "PASID range %d..%d is not within 1..%d; give min >= 1 and max >= min",
                            min, max, (1 << 20) - 1));
        }
    }

    /** Whether there is no number in it. */
    public boolean isEmpty() {
        return max < min;
    }

    /** Whether {@code pasid} lies in the range. */
    public boolean contains(int pasid) {
        return pasid >= min && pasid <= max;
    }

    /**
     * What both ranges have in common.
     *
     * @throws SvaException RANGE if that is nothing
     */
    public PasidRange intersect(PasidRange other) {
        int from = Math.max(min, other.min);
        int to = Math.min(max, other.max);
        if (to < from) {
            throw new SvaException(
                    SvaError.RANGE, "PASID ranges " + this + " and " + other + " have nothing in common");
        }
        return new PasidRange(from, to);
    }

    @Override
    public String toString() {
        return isEmpty() ? "none" : min + ".." + max;
    }
}
