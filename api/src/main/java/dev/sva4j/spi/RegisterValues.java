package dev.sva4j.spi;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apiguardian.api.API;

/**
 * Register values by the manual's names.
 *
 * @param values name to value
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record RegisterValues(Map<String, Long> values) {
    /** Copies the map. */
    public RegisterValues {
        values = Map.copyOf(values);
    }

    /** What these registers hold now. Reads each of them once, in this order. */
    public static RegisterValues read(Mmio registers, List<RegisterLayout> wanted) {
        Map<String, Long> values = new HashMap<>();
        for (RegisterLayout register : wanted) {
            values.put(
                    register.name(),
                    register.width() == Long.SIZE
                            ? registers.read64(register.offset())
                            : Integer.toUnsignedLong(registers.read32(register.offset())));
        }
        return new RegisterValues(values);
    }

    /** The value of {@code name}, if known. */
    public OptionalLong find(String name) {
        Long value = values.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /**
     * The value of a register, or another if it is not known.
     *
     * @throws SvaException INVALID if the value has more bits than the register
     */
    public long valueOf(RegisterLayout register, long otherwise) {
        long value = find(register.name()).orElse(otherwise);
        if (register.width() == Integer.SIZE && value >>> Integer.SIZE != 0) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format("%s has 32 bits; 0x%x is not a value of it", register.name(), value));
        }
        return value;
    }

    /**
     * Requires registers to be known.
     *
     * @param what what is found through them, for the message: {@code SMMUv3 tables}
     * @throws SvaException INVALID if one is missing
     */
    public void require(String what, Set<String> names) {
        TreeSet<String> missing = new TreeSet<>(names);
        missing.removeIf(name -> find(name).isPresent());
        if (!missing.isEmpty()) {
            throw new SvaException(
                    SvaError.INVALID,
                    what + " are found through " + String.join(" and ", new TreeSet<>(names)) + "; not given: "
                            + String.join(", ", missing));
        }
    }
}
