package dev.sva4j.conformance.zoo;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.conformance.AllRules;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The chosen rules, on the animal that a configuration parameter names. */
@ExtendWith({AnimalRules.ByName.class, ChosenRules.class})
final class AnimalRules implements AllRules {
    static final String PARAMETER = "zoo.animal";

    private final Animal animal;

    AnimalRules(Animal animal) {
        this.animal = animal;
    }

    @Override
    public IommuVendor vendor() {
        return animal.vendor();
    }

    @Override
    public List<DeviceSpec> devices() {
        return List.of(animal.device());
    }

    @Override
    public List<Behaviour> behaviours() {
        return List.of(animal.behaviour());
    }

    @Override
    public int schedules() {
        return 1;
    }

    @Override
    public boolean onThreads() {
        return false;
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(1);
    }

    static final class ByName implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Animal.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return animal(context);
        }
    }

    static Animal animal(ExtensionContext context) {
        return Zoo.byName(context.getConfigurationParameter(PARAMETER).orElseThrow());
    }
}
