package dev.sva4j.conformance;

import dev.sva4j.spi.IommuVendor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * A rule that a plug-in is known to break, as it says itself: hardware that others made cannot always be mended.
 *
 * <p>A plug-in declares it in a resource of its jar, {@code META-INF/sva4j/deviations/ID.properties}, named after its {@linkplain
 * IommuVendor#id() id}. The keys are rules, the values say why:
 *
 * <pre>{@code
 * 3.3 = the part does not look at the right to execute (erratum 17)
 * }</pre>
 *
 * <p>That is no way to waive a rule. It runs all the same; where it fails it counts as not applicable, with the reason and what failed, and
 * if it fails nowhere, the declaration itself is a failure.
 *
 * @param rule its number, {@code chapter.rule}
 * @param reason why the plug-in breaks it, in words for the report
 * @since 0.2.0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
public record Deviation(String rule, String reason) {
    private static final String FOLDER = "/META-INF/sva4j/deviations/";

    /**
     * Checks that there is such a rule, and a reason.
     *
     * @throws IllegalArgumentException if not
     */
    public Deviation {
        if (Rules.all().stream().noneMatch(known -> known.id().equals(rule))) {
            throw new IllegalArgumentException(
                    "a deviation from rule '" + rule + "' is declared, but there is no such rule");
        }
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a deviation from rule " + rule + " is declared without a reason");
        }
    }

    /**
     * What {@code plugin} declares in its jar; empty if it declares nothing.
     *
     * @throws IllegalArgumentException if it declares what is no rule, or gives no reason
     */
    public static List<Deviation> declaredBy(IommuVendor plugin) {
        // A folder that is no package is open in every module.
        try (InputStream declared = plugin.getClass().getResourceAsStream(FOLDER + plugin.id() + ".properties")) {
            return declared == null ? List.of() : read(new InputStreamReader(declared, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the deviations of plug-in '" + plugin.id() + "' cannot be read", e);
        }
    }

    private static List<Deviation> read(Reader text) throws IOException {
        Properties properties = new Properties();
        properties.load(text);
        return properties.stringPropertyNames().stream()
                .map(rule -> new Deviation(rule, properties.getProperty(rule).strip()))
                .toList();
    }

    /** What the plug-ins of two halves declare, which may be one plug-in. */
    static List<Deviation> declaredBy(IommuVendor driver, IommuVendor hardware) {
        return driver.id().equals(hardware.id())
                ? declaredBy(hardware)
                : Stream.concat(declaredBy(hardware).stream(), declaredBy(driver).stream())
                        .toList();
    }
}
