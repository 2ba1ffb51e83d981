package dev.sva4j.api;

import java.util.List;
import org.apiguardian.api.API;

/**
 * What an installed plug-in says of itself.
 *
 * @param id selects it
 * @param architecture halves of equal architecture combine
 * @param description one line
 * @param hasDriver has a driver half
 * @param hasHardware has a hardware half
 * @param carries transactions its hardware half takes
 * @param quiesceStrategies names, the default first
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record VendorInfo(
        String id,
        String architecture,
        String description,
        boolean hasDriver,
        boolean hasHardware,
        List<String> carries,
        List<String> quiesceStrategies) {
    /** Copies the lists. */
    public VendorInfo {
        carries = List.copyOf(carries);
        quiesceStrategies = List.copyOf(quiesceStrategies);
    }
}
