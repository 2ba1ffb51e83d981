package dev.sva4j.spi;

import java.util.Map;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * Register values by the manual's names.
 *
 * @param values name to value
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public record RegisterValues(Map<String, Long> values) {
    /** Copies the map. */
    public RegisterValues {
        values = Map.copyOf(values);
    }

    /** The value of {@code name}, if known. */
    public OptionalLong find(String name) {
        Long value = values.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
