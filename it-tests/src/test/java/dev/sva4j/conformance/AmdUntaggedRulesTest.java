package dev.sva4j.conformance;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import java.util.List;

/**
 * On AMD-Vi without guest translation untagged traffic goes through host page tables, and every rule holds that speaks of no number.
 *
 * <p>Chapters 2 and 3 are left out: they map pages that nobody may reach and pages that may be executed, of which host page tables know
 * nothing.
 */
class AmdUntaggedRulesTest
        implements IdentityRules,
                BindRules,
                ExitRules,
                CallbackRules,
                FaultRules,
                RangeRules,
                LivenessRules,
                RefusalRules,
                DomainRules {
    @Override
    public IommuVendor vendor() {
        return new UntaggedAmd();
    }

    @Override
    public List<Behaviour> behaviours() {
        return List.of(Behaviour.TENACIOUS);
    }
}
