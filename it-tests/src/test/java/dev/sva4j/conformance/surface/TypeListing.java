package dev.sva4j.conformance.surface;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * What one type shows to others, one line for its head and one for each member. The order of members is that of their texts, except where
 * the order of declaration means something: constants of an enum, components of a record.
 */
final class TypeListing {
    private static final String INDENT = "    ";

    /** Modifiers that a user can tell from outside. */
    private static final int VISIBLE =
            Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;

    /** Everybody has them, whether overridden or not. */
    private static final Set<String> OF_OBJECT = Set.of("equals(java.lang.Object)", "hashCode()", "toString()");

    private final Class<?> type;

    private TypeListing(Class<?> type) {
        this.type = type;
    }

    static List<String> of(Class<?> type) {
        return new TypeListing(type).lines();
    }

    /** Whether others can name it. */
    static boolean isVisible(Class<?> type) {
        Class<?> enclosing = type.getEnclosingClass();
        return isShown(type.getModifiers())
                && !type.isSynthetic()
                && !type.isAnonymousClass()
                && (enclosing == null || isVisible(enclosing));
    }

    private static boolean isShown(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(head());
        constants().forEach(each -> lines.add(INDENT + each));
        components().forEach(each -> lines.add(INDENT + each));
        Stream.of(fields(), constructors(), methods())
                .flatMap(each -> each.sorted())
                .forEach(each -> lines.add(INDENT + each));
        return lines;
    }

    private String head() {
        String supertypes = Stream.of(
                        listed(" extends ", superclass()),
                        listed(type.isInterface() ? " extends " : " implements ", type.getAnnotatedInterfaces()),
                        type.isSealed() ? " permits " + permitted() : "")
                .collect(Collectors.joining());
        return modifiers(type.getModifiers(), !type.isInterface() && !type.isRecord() && !type.isEnum())
                + (type.isSealed() ? "sealed " : "")
                + kind()
                + " "
                + type.getCanonicalName()
                + TypeText.parameters(type.getTypeParameters())
                + supertypes
                + marks(type);
    }

    private String kind() {
        if (type.isAnnotation()) {
            return "@interface";
        }
        if (type.isInterface()) {
            return "interface";
        }
        return type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    }

    private AnnotatedType[] superclass() {
        boolean implied = type.isInterface()
                || type.isEnum()
                || type.isRecord()
                || type.getSuperclass() == Object.class
                || type.getSuperclass() == null;
        return implied ? new AnnotatedType[0] : new AnnotatedType[] {type.getAnnotatedSuperclass()};
    }

    private String permitted() {
        return Arrays.stream(type.getPermittedSubclasses())
                .map(Class::getCanonicalName)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private Stream<String> constants() {
        return Arrays.stream(type.getDeclaredFields())
                .filter(Field::isEnumConstant)
                .map(each -> "constant " + each.getName() + marks(each));
    }

    private Stream<String> components() {
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .map(each -> "component " + TypeText.of(each.getAnnotatedType()) + " " + each.getName())
                : Stream.empty();
    }

    private Stream<String> fields() {
        return declaring()
                .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
                .filter(each -> isShown(each.getModifiers()) && !each.isSynthetic() && !each.isEnumConstant())
                .map(each -> "field " + modifiers(each.getModifiers(), true) + TypeText.of(each.getAnnotatedType())
                        + " " + each.getName() + value(each) + marks(each));
    }

    /** Of a constant, which compilers copy into the classes of its users. */
    private static String value(Field field) {
        boolean isConstant = Modifier.isStatic(field.getModifiers())
                && Modifier.isFinal(field.getModifiers())
                && (field.getType().isPrimitive() || field.getType() == String.class);
        if (!isConstant) {
            return "";
        }
        try {
            field.setAccessible(true);
            return " = " + field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private Stream<String> constructors() {
        return Arrays.stream(type.getDeclaredConstructors())
                .filter(each -> isShown(each.getModifiers()) && !each.isSynthetic() && !isCanonical(each))
                .map(each -> "constructor " + modifiers(each.getModifiers(), true)
                        + typeParameters(each)
                        + type.getSimpleName()
                        + "("
                        + TypeText.list(each.getAnnotatedParameterTypes())
                        + ")"
                        + listed(" throws ", each.getAnnotatedExceptionTypes())
                        + marks(each));
    }

    /** The components say it already. */
    private boolean isCanonical(Constructor<?> constructor) {
        return type.isRecord()
                && Arrays.equals(
                        constructor.getParameterTypes(),
                        Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getType)
                                .toArray(Class<?>[]::new));
    }

    private Stream<String> methods() {
        return declaring()
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .filter(each -> isShown(each.getModifiers()) && !each.isSynthetic() && !isImplied(each))
                .map(each -> "method " + modifiers(each.getModifiers(), true)
                        + (each.isDefault() ? "default " : "")
                        + typeParameters(each)
                        + TypeText.of(each.getAnnotatedReturnType())
                        + " "
                        + signature(each)
                        + listed(" throws ", each.getAnnotatedExceptionTypes())
                        + (each.getDefaultValue() == null ? "" : " default " + text(each.getDefaultValue()))
                        + marks(each));
    }

    private boolean isImplied(Method method) {
        boolean accessor = type.isRecord()
                && method.getParameterCount() == 0
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(each -> each.getName().equals(method.getName()));
        boolean ofEnum = type.isEnum()
                && Modifier.isStatic(method.getModifiers())
                && (method.getName().equals("values") || method.getName().equals("valueOf"));
        return accessor || ofEnum || OF_OBJECT.contains(signature(method));
    }

    private static String signature(Method method) {
        return method.getName() + "(" + TypeText.list(method.getAnnotatedParameterTypes()) + ")";
    }

    private static String text(Object defaultValue) {
        return defaultValue instanceof Object[] array ? Arrays.toString(array) : defaultValue.toString();
    }

    /** The type, and superclasses that nobody can name: what they show is seen through it. */
    private Stream<Class<?>> declaring() {
        return Stream.iterate(type, each -> each != null && (each == type || !isVisible(each)), each ->
                (Class<?>) each.getSuperclass());
    }

    private static String typeParameters(Executable member) {
        String parameters = TypeText.parameters(member.getTypeParameters());
        return parameters.isEmpty() ? "" : parameters + " ";
    }

    private static String modifiers(int modifiers, boolean withAbstractAndFinal) {
        int shown = modifiers & VISIBLE & (withAbstractAndFinal ? -1 : ~(Modifier.ABSTRACT | Modifier.FINAL));
        String text = Modifier.toString(shown);
        return text.isEmpty() ? "" : text + " ";
    }

    private static String listed(String keyword, AnnotatedType... types) {
        return types.length == 0
                ? ""
                : keyword + Arrays.stream(types).map(TypeText::of).sorted().collect(Collectors.joining(", "));
    }

    /** What it promises to stay, and whether it is on its way out. */
    private static String marks(AnnotatedElement element) {
        API status = element.getAnnotation(API.class);
        return (status == null ? "" : " @API(" + status.status() + ", since " + status.since() + ")")
                + (element.isAnnotationPresent(Deprecated.class) ? " @Deprecated" : "");
    }
}
