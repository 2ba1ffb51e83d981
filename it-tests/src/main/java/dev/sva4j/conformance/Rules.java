package dev.sva4j.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * The rules that this version of the kit knows.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class Rules {
    private Rules() {}

    /** Every rule, in the order of the specification. */
    public static List<RuleInfo> all() {
        return chapters().flatMap(Rules::of).sorted(RuleInfo.ORDER).toList();
    }

    /**
     * The rules that {@code selection} stands for.
     *
     * @param selection the number of a rule, e.g. {@code 5.3}, or of a chapter, e.g. {@code 5}
     * @return in the order of the specification; empty if there is no such rule or chapter
     */
    public static List<RuleInfo> select(String selection) {
        return all().stream()
                .filter(rule -> rule.id().equals(selection)
                        || Integer.toString(rule.chapter()).equals(selection))
                .toList();
    }

    /** The interfaces that hold the rules, in the order of the specification. */
    static Stream<Class<?>> chapters() {
        return Arrays.stream(AllRules.class.getInterfaces());
    }

    private static Stream<RuleInfo> of(Class<?> chapter) {
        return Arrays.stream(chapter.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Rule.class))
                .map(method -> RuleInfo.of(method, method.getAnnotation(Rule.class)));
    }
}
