package dev.sva4j.cli.demo;

import dev.sva4j.api.ExitPolicy;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Exit policies as the command line spells them: lower case with dashes. */
final class PolicyConverter implements ITypeConverter<ExitPolicy> {
    @Override
    public ExitPolicy convert(String text) {
        return Arrays.stream(ExitPolicy.values())
                .filter(policy -> nameOf(policy).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of " + names()));
    }

    static String nameOf(ExitPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String names() {
        return Arrays.stream(ExitPolicy.values()).map(PolicyConverter::nameOf).collect(Collectors.joining(", "));
    }

    /** For the help text. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(ExitPolicy.values())
                    .map(PolicyConverter::nameOf)
                    .iterator();
        }
    }
}
