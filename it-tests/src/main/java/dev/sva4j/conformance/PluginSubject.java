package dev.sva4j.conformance;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.engine.support.store.Namespace;
import org.junit.platform.engine.support.store.NamespacedHierarchicalStore;

/** The test class of a {@link ConformanceRun}: all rules, on whatever the run was given. */
@ExtendWith(PluginSubject.FromSession.class)
final class PluginSubject implements AllRules {
    private final Choice choice;

    PluginSubject(Choice choice) {
        this.choice = choice;
    }

    @Override
    public IommuVendor vendor() {
        return choice.halves().hardware();
    }

    @Override
    public IommuVendor driver() {
        return choice.halves().driver();
    }

    @Override
    public List<Behaviour> behaviours() {
        return choice.budget().behaviours(choice.seed());
    }

    @Override
    public int schedules() {
        return choice.budget().schedules();
    }

    @Override
    public long firstSeed() {
        return choice.seed();
    }

    @Override
    public Duration patience() {
        return choice.patience();
    }

    /** What a run is about; travels from the run to the test instance in the store of their launcher session. */
    record Choice(Halves halves, Budget budget, long seed, Duration patience) {
        private static final String PLACE = "dev.sva4j.conformance";

        static void store(NamespacedHierarchicalStore<Namespace> session, Choice choice) {
            session.put(Namespace.create(PLACE), Choice.class, choice);
        }

        private static Choice find(ExtensionContext context) {
            Choice choice = context.getStore(
                            ExtensionContext.StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(PLACE))
                    .get(Choice.class, Choice.class);
            if (choice == null) {
                throw new IllegalStateException("not started by a ConformanceRun");
            }
            return choice;
        }
    }

    /** Hands the choice to the constructor. */
    static final class FromSession implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Choice.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return Choice.find(context);
        }
    }
}
