package dev.sva4j.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the rule tables of {@code SPECIFICATION.md}. */
final class SpecificationDocument {
    private static final Path FILE = RepositoryFiles.root().resolve("SPECIFICATION.md");

    private static final Pattern RULE = Pattern.compile("\\| <a name=\"([0-9.]+)\"></a>([0-9.]+) \\| (.+) \\|");

    private static final Pattern DETAILS = Pattern.compile(
            "\\| \\| \\*Intent:\\* (.+?) \\*Source:\\* (.+?) \\*Invariants:\\* ([I0-9, ]+)\\. \\*Test:\\* `([A-Za-z]+#[A-Za-z0-9]+)` \\|");

    private static final Pattern INVARIANT = Pattern.compile("\\| (I\\d+) \\| .+ \\| (.+) \\|");

    private static final Pattern LINK = Pattern.compile("\\[([0-9.]+)\\]\\(#([0-9.]+)\\)");

    private SpecificationDocument() {}

    /** One rule as the document has it. */
    record Entry(
            String anchor,
            String id,
            String text,
            String intent,
            String source,
            List<String> invariants,
            String test) {}

    /** The rules by number, in the order of the document. */
    static Map<String, Entry> read() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            Matcher rule = RULE.matcher(lines.get(i));
            if (rule.matches()) {
                Matcher details = DETAILS.matcher(lines.get(i + 1));
                if (!details.matches()) {
                    throw new AssertionError("line " + (i + 2) + " of " + FILE.getFileName()
                            + " is not '| | *Intent:* … *Source:* … *Invariants:* I1, I2. *Test:* `Chapter#method` |'");
                }
                Entry entry = new Entry(
                        rule.group(1),
                        rule.group(2),
                        rule.group(3),
                        details.group(1),
                        details.group(2),
                        List.of(details.group(3).split(", ")),
                        details.group(4));
                if (entries.put(entry.id(), entry) != null) {
                    throw new AssertionError("rule " + entry.id() + " is in the document twice");
                }
            }
        }
        return entries;
    }

    /** The invariants, each with the rules that the document lists for it. */
    static Map<String, List<String>> invariants() {
        Map<String, List<String>> invariants = new LinkedHashMap<>();
        for (String line : lines()) {
            Matcher invariant = INVARIANT.matcher(line);
            if (invariant.matches()) {
                List<String> rules = LINK.matcher(invariant.group(2))
                        .results()
                        .map(link -> link.group(1).equals(link.group(2)) ? link.group(1) : link.group())
                        .toList();
                invariants.put(invariant.group(1), rules);
            }
        }
        return invariants;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
