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
