package dev.sva4j.examples.acme;

import dev.sva4j.conformance.AllRules;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import java.util.List;

/** The plug-in keeps every rule. */
class AcmeRulesTest implements AllRules {
    @Override
    public IommuVendor vendor() {
        return new AcmeVendor();
    }

    /** The behaviour that brings most to light, so that each build can afford it; all of them without this. */
    @Override
    public List<Behaviour> behaviours() {
        return List.of(Behaviour.TENACIOUS);
    }

    /** Few, likewise. */
    @Override
    public int schedules() {
        return 2;
    }
}
