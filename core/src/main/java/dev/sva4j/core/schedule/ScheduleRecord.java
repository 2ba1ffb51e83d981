package dev.sva4j.core.schedule;

import java.util.Arrays;

/** The choices of a {@link SeededScheduler}, bounded. Not thread-safe: belongs to the holder of the baton. */
final class ScheduleRecord {
    /** Choices that are kept (4 MiB). */
    static final int LIMIT = 1 << 20;

    /** Runs of equal choices that the text shows. */
    private static final int SHOWN = 60;

    private int[] choices = new int[64];

    /** Choices made, kept or not. */
    private long count;

    void add(int index) {
        if (count < LIMIT) {
            if (count == choices.length) {
                choices = Arrays.copyOf(choices, Math.min(LIMIT, 2 * choices.length));
            }
            choices[(int) count] = index;
        }
        count++;
    }

    int[] choices() {
        if (count > LIMIT) {
            throw new IllegalStateException("the schedule has " + count + " choices, of which only the first " + LIMIT
                    + " were kept; use the seed");
        }
        return Arrays.copyOf(choices, (int) count);
    }

    /** For example {@code 0 1*3 0 2}: task 0, then task 1 three times, and so on. */
    @Override
    public String toString() {
        int kept = (int) Math.min(count, LIMIT);
        StringBuilder runs = new StringBuilder();
        int shown = 0;
        int next = 0;
        while (next < kept && shown < SHOWN) {
            int end = next + 1;
            while (end < kept && choices[end] == choices[next]) {
                end++;
            }
            runs.append(shown++ == 0 ? "" : " ").append(choices[next]);
            if (end - next > 1) {
                runs.append('*').append(end - next);
            }
            next = end;
        }
        return next < count ? runs + " … (" + count + " in all)" : runs.toString();
    }
}
