package dev.sva4j.steptest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs that have failed once. Seeds are in {@code seeds.txt}; since a change of the generator changes what a seed means, shrunk scripts are
 * kept as well: {@code scripts.txt} has them one after the other, each after a line {@code # seed N schedule M why}.
 */
final class Fixtures {
    private static final String HEAD = "# seed ";

    private Fixtures() {}

    /** A script with its name. */
    record Kept(String name, SeedRunner.Job job) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Long> seeds() {
        return lines("seeds.txt").stream()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    static List<Kept> scripts() {
        return parse(lines("scripts.txt"));
    }

    static List<Kept> parse(List<String> lines) {
        List<Kept> kept = new ArrayList<>();
        String head = null;
        List<String> script = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(HEAD)) {
                add(kept, head, script);
                head = line;
                script = new ArrayList<>();
            } else {
                script.add(line);
            }
        }
        add(kept, head, script);
        return kept;
    }

    private static void add(List<Kept> kept, String head, List<String> script) {
        if (head != null) {
            String[] words = head.split(" ", 6);
            long seed = Long.parseLong(words[2]);
            Config config = Config.of(seed).withSchedule(Long.parseLong(words[4]));
            String why = words.length > 5 ? words[5] : "seed " + seed;
            kept.add(new Kept(why, new SeedRunner.Job(seed, config, Script.parse(script))));
        }
    }

    private static List<String> lines(String resource) {
        try (InputStream in = Fixtures.class.getResourceAsStream(resource)) {
            return in == null
                    ? List.of()
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
