package dev.sva4j.vendor.smmu.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The update algorithm of the sheet's §10, run on an array, with what hardware could fetch after each store kept.
 *
 * <p>"sync" stands for an invalidation of the cached entry and a CMD_SYNC; a step that changes nothing has none.
 */
final class HitlessUpdate {

    /** The live bits of one word of an entry. */
    interface Used {
        long of(int word, long[] entry);

        static long ste(int word, long[] entry) {
            return UsedBits.ste(word, entry[0], entry[1]);
        }

        static long cd(int word, long[] entry) {
            return UsedBits.cd(word, entry[0]);
        }
    }

    private final Used used;
    private final long[] entry;
    private final List<String> steps = new ArrayList<>();
    private final List<long[]> observable = new ArrayList<>();
    private boolean hitless = true;

    private HitlessUpdate(Used used, long[] entry) {
        this.used = used;
        this.entry = entry.clone();
    }

    static HitlessUpdate run(Used used, long[] from, long[] to) {
        HitlessUpdate update = new HitlessUpdate(used, from);
        update.apply(to);
        return update;
    }

    private void apply(long[] target) {
        long[] prepared = new long[entry.length];
        List<Integer> differing = new ArrayList<>();
        for (int word = 0; word < entry.length; word++) {
            long live = used.of(word, entry);
            prepared[word] = (entry[word] & live) | (target[word] & ~live);
            if ((prepared[word] & used.of(word, target)) != target[word]) {
                differing.add(word);
            }
        }
        if (differing.size() > 1) {
            hitless = false;
            store(new long[entry.length], 0, 1);
            store(target, 1, entry.length);
            store(target, 0, 1);
            return;
        }
        if (differing.size() == 1) {
            int critical = differing.get(0);
            prepared[critical] = entry[critical];
            store(prepared, 0, entry.length);
            store(target, critical, critical + 1);
        }
        store(target, 0, entry.length);
    }

    private void store(long[] source, int from, int to) {
        boolean changed = false;
        for (int word = from; word < to; word++) {
            if (entry[word] != source[word]) {
                entry[word] = source[word];
                observable.add(entry.clone());
                steps.add("w" + word + "=" + Long.toHexString(source[word]));
                changed = true;
            }
        }
        if (changed) {
            steps.add("sync");
        }
    }

    boolean isHitless() {
        return hitless;
    }

    long syncs() {
        return steps.stream().filter("sync"::equals).count();
    }

    List<String> steps() {
        return steps;
    }

    long[] result() {
        return entry.clone();
    }

    /** Whether an observed entry, as far as it is live, is one of the two. */
    boolean everyObservedEntryIsOneOf(long[] from, long[] to) {
        return observable.stream().allMatch(seen -> looksLike(seen, from) || looksLike(seen, to));
    }

    private boolean looksLike(long[] seen, long[] whole) {
        long[] live = new long[seen.length];
        long[] expected = new long[seen.length];
        for (int word = 0; word < seen.length; word++) {
            live[word] = seen[word] & used.of(word, seen);
            expected[word] = whole[word] & used.of(word, whole);
        }
        return Arrays.equals(live, expected);
    }
}
