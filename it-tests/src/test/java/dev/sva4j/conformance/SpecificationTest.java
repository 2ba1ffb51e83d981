package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds {@code SPECIFICATION.md} and the tests of the rules together, in both directions. */
class SpecificationTest {
    private final List<RuleInfo> rules = Rules.all();
    private final Map<String, SpecificationDocument.Entry> entries = SpecificationDocument.read();

    @Test
    void everyRuleIsInTheDocumentAndNothingElse() {
        assertThat(entries.keySet())
                .containsExactlyElementsOf(rules.stream().map(RuleInfo::id).toList());
    }

    @Test
    void documentAndTestDemandTheSame() {
        assertThat(byId(SpecificationDocument.Entry::text))
                .isEqualTo(rules.stream()
                        .collect(Collectors.toMap(RuleInfo::id, RuleInfo::text, (a, b) -> a, TreeMap::new)));
    }

    @Test
    void documentNamesTheTestOfEachRule() {
        assertThat(byId(SpecificationDocument.Entry::test))
                .isEqualTo(rules.stream()
                        .collect(Collectors.toMap(RuleInfo::id, RuleInfo::test, (a, b) -> a, TreeMap::new)));
    }

    @Test
    void documentNamesTheInvariantsOfEachRule() {
        assertThat(byId(SpecificationDocument.Entry::invariants))
                .isEqualTo(rules.stream()
                        .collect(Collectors.toMap(RuleInfo::id, RuleInfo::invariants, (a, b) -> a, TreeMap::new)));
    }

    @Test
    void documentListsTheRulesOfEachInvariant() {
        Map<String, List<String>> expected = new TreeMap<>();
        rules.forEach(rule -> rule.invariants()
                .forEach(each ->
                        expected.computeIfAbsent(each, key -> new ArrayList<>()).add(rule.id())));
        Map<String, List<String>> listed = new TreeMap<>(SpecificationDocument.invariants());

        assertThat(listed).hasSize(39);
        listed.values().removeIf(List::isEmpty);
        assertThat(listed).isEqualTo(expected);
    }

    @Test
    void everyRuleHasAnIntentASourceAndAnAnchor() {
        assertThat(entries.values()).allSatisfy(entry -> {
            assertThat(entry.intent()).as("intent of %s", entry.id()).isNotBlank();
            assertThat(entry.source()).as("source of %s", entry.id()).isNotBlank();
            assertThat(entry.anchor()).as("anchor of %s", entry.id()).isEqualTo(entry.id());
        });
    }

    /** RFC 2119: a rule that demands nothing is none. */
    @Test
    void everyRuleDemandsSomething() {
        assertThat(rules).allSatisfy(rule -> assertThat(rule.text()).containsPattern("\\b(MUST|MAY|SHOULD)\\b"));
    }

    @Test
    void numbersOfAChapterHaveNoGaps() {
        Map<Integer, List<Integer>> numbers = rules.stream()
                .collect(Collectors.groupingBy(
                        RuleInfo::chapter, TreeMap::new, Collectors.mapping(RuleInfo::number, Collectors.toList())));
        numbers.forEach((chapter, found) -> assertThat(found)
                .as("numbers of chapter %d", chapter)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, found.size()).boxed().toList()));
    }

    @Test
    void aChapterIsOneInterface() {
        Map<Class<?>, List<Integer>> chapters = rules.stream()
                .collect(Collectors.groupingBy(
                        rule -> rule.method().getDeclaringClass(),
                        Collectors.mapping(RuleInfo::chapter, Collectors.toList())));
        chapters.forEach(
                (type, found) -> assertThat(found).as(type.getSimpleName()).containsOnly(found.get(0)));
    }

    /** A method that nobody can run would be a rule that nobody keeps. */
    @Test
    void everyPublicMethodOfAChapterIsARule() {
        List<String> others = Rules.chapters()
                .flatMap(chapter -> Arrays.stream(chapter.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !method.isAnnotationPresent(Rule.class))
                .map(Method::getName)
                .toList();
        assertThat(others).isEmpty();
    }

    private <T> Map<String, T> byId(Function<SpecificationDocument.Entry, T> property) {
        return entries.values().stream()
                .collect(Collectors.toMap(SpecificationDocument.Entry::id, property, (a, b) -> a, TreeMap::new));
    }
}
