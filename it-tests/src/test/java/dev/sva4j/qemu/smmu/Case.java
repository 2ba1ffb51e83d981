package dev.sva4j.qemu.smmu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A life of an SMMU, from disabled with empty caches and zeroed tables on.
 *
 * @param name for messages
 * @param identical our part has the ID registers of QEMU's instead of its own
 * @param steps what happens, in order
 * @param watched words of memory where a device might leave something, besides those where our side does
 */
record Case(String name, boolean identical, List<Step> steps, List<Long> watched) {
    private static final String HEAD = "# ";
    private static final String IDENTICAL = "identical";
    private static final String WATCH = "watch 0x";

    Case {
        steps = List.copyOf(steps);
        watched = List.copyOf(watched);
    }

    Case with(List<Step> otherSteps) {
        return new Case(name, identical, otherSteps, watched);
    }

    Case withWatched(List<Long> otherWords) {
        return new Case(name, identical, steps, otherWords);
    }

    /** As it stands in a file of cases. */
    @Override
    public String toString() {
        return HEAD + name + "\n"
                + (identical ? IDENTICAL + "\n" : "")
                + steps.stream().map(Step::toString).collect(Collectors.joining("\n"))
                + watched.stream()
                        .map(word -> "\n" + WATCH + Long.toHexString(word))
                        .collect(Collectors.joining());
    }

    /** The cases of a file. */
    static List<Case> parse(List<String> lines) {
        List<Case> cases = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(HEAD)) {
                cases.add(new Case(line.substring(HEAD.length()), false, List.of(), List.of()));
            } else if (!line.isBlank()) {
                Case last = cases.remove(cases.size() - 1);
                List<Step> steps = new ArrayList<>(last.steps);
                List<Long> watched = new ArrayList<>(last.watched);
                boolean identical = last.identical;
                if (line.equals(IDENTICAL)) {
                    identical = true;
                } else if (line.startsWith(WATCH)) {
                    watched.add(Long.parseUnsignedLong(line.substring(WATCH.length()), 16));
                } else {
                    steps.add(Step.parse(line));
                }
                cases.add(new Case(last.name, identical, steps, watched));
            }
        }
        return cases;
    }
}
