package dev.sva4j.conformance;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the kit without a test class: on plug-ins that are objects.
 *
 * <pre>{@code
 * ConformanceReport report = ConformanceRun.of(Budget.QUICK).on(List.of(Halves.of(new AcmeVendor())));
 * }</pre>
 *
 * <p>Registers for the rules about decoding come from the plug-in's own decoder.
 *
 * @param budget how much it may cost
 * @param seed of the schedules and of the behaviours of the hardware half
 * @param patience how long one run of a rule may take before it counts as hanging
 * @param rules what to run
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public record ConformanceRun(Budget budget, long seed, Duration patience, List<RuleInfo> rules) {
    /** Listeners and filters that happen to be on the class path are for tests of the user's own. */
    private static final LauncherConfig ONLY_WHAT_IS_ASKED = LauncherConfig.builder()
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .build();

    /** Puts the rules in order, each once. */
    public ConformanceRun {
        rules = rules.stream().distinct().sorted(RuleInfo.ORDER).toList();
    }

    /** Every rule, from seed 1. */
    public static ConformanceRun of(Budget budget) {
        return new ConformanceRun(budget, 1, budget.patience(), Rules.all());
    }

    /** The same from another seed. */
    public ConformanceRun withSeed(long other) {
        return new ConformanceRun(budget, other, patience, rules);
    }

    /** The same with more or less patience. */
    public ConformanceRun withPatience(Duration other) {
        return new ConformanceRun(budget, seed, other, rules);
    }

    /** The same with these rules only. */
    public ConformanceRun withRules(List<RuleInfo> wanted) {
        return new ConformanceRun(budget, seed, patience, wanted);
    }

    /**
     * Runs the rules on one subject after the other. A rule that fails or hangs ends nothing but itself.
     *
     * @throws IllegalArgumentException if two subjects have one name
     */
    public ConformanceReport on(List<Halves> subjects) {
        Map<String, Map<RuleInfo, RuleResult>> results = new LinkedHashMap<>();
        for (Halves halves : subjects) {
            if (results.containsKey(halves.name())) {
                throw new IllegalArgumentException("two subjects are called '" + halves.name() + "'");
            }
            results.put(halves.name(), run(halves));
        }
        List<ConformanceReport.Row> rows = rules.stream()
                .map(rule -> new ConformanceReport.Row(rule, resultsOf(rule, results)))
                .toList();
        return new ConformanceReport(List.copyOf(results.keySet()), rows);
    }

    private static Map<String, RuleResult> resultsOf(RuleInfo rule, Map<String, Map<RuleInfo, RuleResult>> bySubject) {
        Map<String, RuleResult> results = new LinkedHashMap<>();
        bySubject.forEach((subject, all) -> results.put(subject, all.get(rule)));
        return results;
    }

    private Map<RuleInfo, RuleResult> run(Halves halves) {
        Verdicts verdicts = new Verdicts();
        try (LauncherSession session = LauncherFactory.openSession(ONLY_WHAT_IS_ASKED)) {
            PluginSubject.Choice.store(session.getStore(), new PluginSubject.Choice(halves, budget, seed, patience));
            session.getLauncher().execute(request(), verdicts);
        }
        return rules.stream().collect(Collectors.toMap(rule -> rule, verdicts::of));
    }

    private LauncherDiscoveryRequest request() {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(rules.stream()
                        .map(rule -> DiscoverySelectors.selectMethod(PluginSubject.class, rule.method()))
                        .toList())
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                // Neither a properties file nor system properties change what a rule is.
                .enableImplicitConfigurationParameters(false)
                .build();
    }
}
