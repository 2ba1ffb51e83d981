package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.RepositoryFiles;
import dev.sva4j.conformance.RuleInfo;
import dev.sva4j.conformance.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of animals in {@code SPECIFICATION.md}: as they are, and as the code would have them. */
final class ZooDocument {
    private ZooDocument() {}

    /** The rows that are there. */
    static List<String> rows() {
        try {
            return Files.readAllLines(RepositoryFiles.root().resolve("SPECIFICATION.md")).stream()
                    .dropWhile(line -> !line.equals("## Zoo"))
                    .filter(line -> line.startsWith("| `"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows that belong there. */
    static List<String> expected() {
        return Stream.concat(
                        Zoo.broken().stream().map(ZooDocument::row),
                        Zoo.unusual().stream().map(animal -> start(animal) + " |"))
                .toList();
    }

    private static String row(Animal animal) {
        Plate plate = animal.plate();
        return start(animal) + " | " + links(plate.fails()) + " | "
                + links(plate.mayFail().keySet()) + " |";
    }

    private static String start(Animal animal) {
        return "| `" + animal.getClass().getSimpleName() + "` | "
                + animal.habitat().display() + " | " + animal.plate().about();
    }

    private static String links(Set<String> rules) {
        return Rules.all().stream()
                .map(RuleInfo::id)
                .filter(rules::contains)
                .map(id -> "[" + id + "](#" + id + ")")
                .collect(Collectors.joining(", "));
    }
}
