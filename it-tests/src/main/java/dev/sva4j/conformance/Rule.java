package dev.sva4j.conformance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;
import org.junit.jupiter.api.TestTemplate;

/**
 * A rule of {@code SPECIFICATION.md}: makes a method the test of it.
 *
 * <p>The method is run once per device and behaviour of its {@link Subject}, on a thread of its own, so that a rule in which a
 * plug-in hangs fails under its own name when the {@linkplain Subject#patience() patience} ends, and the run goes on.
 *
 * @since 0.0.1
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public @interface Rule {
    /** Its number, {@code chapter.rule}. Numbers are never given twice. */
    String value();

    /** What is demanded, in the words of RFC 2119; the same sentence stands in the specification. */
    String text();

    /** The invariants that it checks, e.g. {@code I20}. */
    String[] invariants();
}
