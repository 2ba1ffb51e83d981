package dev.sva4j.conformance;

import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A rule as reports name it.
 *
 * @param chapter number of its chapter
 * @param number its number in the chapter
 * @param text what is demanded
 * @param invariants what it checks
 * @param method the test
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public record RuleInfo(int chapter, int number, String text, List<String> invariants, Method method) {
    static final Comparator<RuleInfo> ORDER =
            Comparator.comparingInt(RuleInfo::chapter).thenComparingInt(RuleInfo::number);

    /** Copies the list. */
    public RuleInfo {
        invariants = List.copyOf(invariants);
    }

    static RuleInfo of(Method method, Rule rule) {
        String[] id = rule.value().split("\\.", -1);
        return new RuleInfo(
                Integer.parseInt(id[0]), Integer.parseInt(id[1]), rule.text(), List.of(rule.invariants()), method);
    }

    /** {@code chapter.number}. */
    public String id() {
        return chapter + "." + number;
    }

    /** The test as {@code Chapter#method}. */
    public String test() {
        return method.getDeclaringClass().getSimpleName() + "#" + method.getName();
    }
}
