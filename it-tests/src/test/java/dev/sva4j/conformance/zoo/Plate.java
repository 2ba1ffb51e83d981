package dev.sva4j.conformance.zoo;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is written at the cage.
 *
 * @param about the real bug, by the title under which it was mended and in our words; or what is unusual
 * @param fails the rules that have to fail
 * @param mayFail rules that see it sometimes, each with the reason why not always
 */
record Plate(String about, Set<String> fails, Map<String, String> mayFail) {
    /** Whether two things meet is up to the threads, and to which schedules are tried. */
    static final String RACE = "two things have to meet in time";

    Plate {
        fails = Set.copyOf(fails);
        mayFail = Map.copyOf(mayFail);
    }

    /** Breaks no rule. */
    static Plate about(String about) {
        return new Plate(about, Set.of(), Map.of());
    }

    /** @param rules their numbers, separated by spaces */
    Plate fails(String rules) {
        Set<String> all = new TreeSet<>(fails);
        all.addAll(numbers(rules));
        return new Plate(about, all, mayFail);
    }

    /** @param rules their numbers, separated by spaces */
    Plate mayFail(String rules, String reason) {
        Map<String, String> all = new LinkedHashMap<>(mayFail);
        numbers(rules).forEach(rule -> all.put(rule, reason));
        return new Plate(about, fails, new TreeMap<>(all));
    }

    private static List<String> numbers(String rules) {
        return Arrays.stream(rules.split(" ")).filter(each -> !each.isEmpty()).toList();
    }
}
