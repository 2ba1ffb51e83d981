package dev.sva4j.conformance.surface;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Types as a declaration would write them, with full names and with the annotations that are part of the contract, such as {@code
 * Nullable}. The JDK's own {@code toString} differs from version to version.
 */
final class TypeText {
    private TypeText() {}

    static String of(AnnotatedType type) {
        if (type instanceof AnnotatedArrayType array) {
            String marks = annotations(type);
            return of(array.getAnnotatedGenericComponentType()) + (marks.isEmpty() ? "" : " " + marks) + "[]";
        }
        return annotations(type) + unannotated(type);
    }

    static String list(AnnotatedType... types) {
        return Arrays.stream(types).map(TypeText::of).collect(Collectors.joining(", "));
    }

    private static String unannotated(AnnotatedType type) {
        if (type instanceof AnnotatedParameterizedType generic) {
            Class<?> raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
            return raw.getCanonicalName() + "<" + list(generic.getAnnotatedActualTypeArguments()) + ">";
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return "?" + bounds(" super ", wildcard.getAnnotatedLowerBounds())
                    + bounds(" extends ", wildcard.getAnnotatedUpperBounds());
        }
        return type.getType() instanceof Class<?> plain
                ? plain.getCanonicalName()
                : type.getType().getTypeName();
    }

    /** {@code <T extends Foo>}, or nothing. */
    static String parameters(TypeVariable<?>... variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(each -> each.getName() + bounds(" extends ", each.getAnnotatedBounds()))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(String keyword, AnnotatedType... bounds) {
        String text = Arrays.stream(bounds)
                .map(TypeText::of)
                .filter(each -> !each.equals("java.lang.Object"))
                .collect(Collectors.joining(" & "));
        return text.isEmpty() ? "" : keyword + text;
    }

    /** Each followed by a blank. */
    private static String annotations(AnnotatedElement element) {
        return Stream.of(element.getAnnotations())
                .map(Annotation::annotationType)
                .map(each -> "@" + each.getSimpleName() + " ")
                .sorted()
                .collect(Collectors.joining());
    }
}
