package dev.sva4j.conformance;

import dev.sva4j.conformance.forward.ForwardingVendor;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.vendor.amd.AmdVendor;
import java.util.List;

/** AMD-Vi keeps the rules that a quiesced entry matters to when it is emptied, as Linux empties it. */
class AmdClearedEntryRulesTest implements FormatRules, BindRules, ExitRules, FaultRules {
    @Override
    public IommuVendor vendor() {
        return new ForwardingVendor(new AmdVendor()) {
            @Override
            public List<QuiesceStrategy> quiesceStrategies() {
                return super.quiesceStrategies().stream()
                        .filter(strategy -> strategy.name().equals("cleared-entry"))
                        .toList();
            }
        };
    }

    @Override
    public List<Behaviour> behaviours() {
        return List.of(Behaviour.TENACIOUS);
    }

    @Override
    public int schedules() {
        return 3;
    }
}
