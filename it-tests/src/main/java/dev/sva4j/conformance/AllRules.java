package dev.sva4j.conformance;

import org.apiguardian.api.API;

/**
 * Every chapter of the specification.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface AllRules
        extends IdentityRules,
                FormatRules,
                TableRules,
                BindRules,
                ExitRules,
                CallbackRules,
                FaultRules,
                RangeRules,
                LivenessRules,
                RefusalRules,
                DomainRules {}
