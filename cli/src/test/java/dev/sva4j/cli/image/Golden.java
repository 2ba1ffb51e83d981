package dev.sva4j.cli.image;

import dev.sva4j.cli.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dump of a real Linux guest, and the answers that were found out about it in other ways. */
final class Golden {
    static final Golden SMMUV3 = new Golden("smmuv3");

    private final Path image;
    private final Path registers;
    private final Map<String, Object> answers;

    private Golden(String name) {
        image = resource(name + ".elf.gz");
        registers = resource(name + ".json");
        try {
            answers = JsonTree.object(Files.readString(registers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path resource(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Path image() {
        return image;
    }

    Path registers() {
        return registers;
    }

    List<Map<String, Object>> rows(String name) {
        return JsonTree.rows(answers, name);
    }

    /** Register values as the file has them. */
    @SuppressWarnings("unchecked")
    Map<String, String> registerValues() {
        return (Map<String, String>) answers.get("registers");
    }

    static long number(Map<String, Object> row, String name) {
        return Long.decode((String) row.get(name));
    }

    /** The fields of a row that the command line prints, too. */
    static Map<String, Object> only(Map<String, Object> row, String... names) {
        Map<String, Object> kept = new LinkedHashMap<>();
        for (String name : names) {
            if (row.containsKey(name)) {
                kept.put(name, row.get(name));
            }
        }
        return kept;
    }
}
