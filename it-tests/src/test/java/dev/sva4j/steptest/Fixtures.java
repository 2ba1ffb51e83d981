package dev.sva4j.steptest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Runs that have failed once. Seeds are in {@code seeds.txt}; since a change of the generator changes what a seed means, shrunk scripts are
 * kept as well: {@code scripts.txt} has them one after the other, each after a line {@code # seed N schedule M why},
 * where M is a number, or a range like 1-8 for something that happens under some schedules only.
 */
final class Fixtures {
    private static final String HEAD = "# seed ";

    private Fixtures() {}

    /** A script with its name, under each of its schedules. */
    record Kept(String name, List<SeedRunner.Job> jobs) {
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
            String[] schedules = words[4].split("-");
            long last = Long.parseLong(schedules[schedules.length - 1]);
            List<SeedRunner.Job> jobs = LongStream.rangeClosed(Long.parseLong(schedules[0]), last)
                    .mapToObj(schedule ->
                            new SeedRunner.Job(seed, Config.of(seed).withSchedule(schedule), Script.parse(script)))
                    .toList();
            kept.add(new Kept(words.length > 5 ? words[5] : "seed " + seed, jobs));
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
