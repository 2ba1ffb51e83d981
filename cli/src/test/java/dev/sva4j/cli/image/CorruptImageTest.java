package dev.sva4j.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.sva4j.cli.Cli;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables full of garbage: an answer or one line of complaint, soon, and never a crash. */
class CorruptImageTest {
    private static final int WORDS_CHANGED = 300;
    private static final Map<Golden, byte[]> PLAIN = new HashMap<>();

    @TempDir
    private Path folder;

    @BeforeAll
    static void unpack() throws IOException {
        for (Golden golden : Golden.all().toList()) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(golden.image()))) {
                PLAIN.put(golden, in.readAllBytes());
            }
        }
    }

    static Stream<Arguments> seeds() {
        return Golden.all().flatMap(golden -> LongStream.range(0, 30).mapToObj(seed -> Arguments.of(golden, seed)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverABug(Golden golden, long seed) throws IOException {
        Random random = new Random(seed);
        String registers = golden.registers().toString();
        Path image = Files.write(folder.resolve("image"), corrupted(golden, random));
        assertTimeout(Duration.ofSeconds(30), () -> {
            check(Cli.run("inspect", image.toString(), "--registers", registers, "--json"));
            check(Cli.runWith(requests(random), "translate", image.toString(), "--registers", registers));
        });
    }

    private static void check(Cli.Result result) {
        assertThat(result.exitCode()).isIn(0, 2);
        assertThat(result.err()).doesNotContain("bug");
        assertThat(result.err().lines().count()).isLessThanOrEqualTo(1);
    }

    /** Tables are mostly zeros; words that are not are the ones that lead somewhere. */
    private static byte[] corrupted(Golden golden, Random random) {
        byte[] plain = PLAIN.get(golden);
        ByteBuffer image = ByteBuffer.wrap(plain.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < WORDS_CHANGED; ) {
            int at = 0x2000 + random.nextInt((plain.length - 0x2000) / 8) * 8;
            if (at + 8 <= plain.length && image.getLong(at) != 0) {
                image.putLong(at, garbage(golden, random, image.getLong(at)));
                i++;
            }
        }
        return image.array();
    }

    private static long garbage(Golden golden, Random random, long word) {
        return switch (random.nextInt(4)) {
            case 0 -> word ^ (1L << random.nextInt(Long.SIZE));
            case 1 -> random.nextLong();
            // Somewhere in the dump, as a table.
            case 2 -> golden.tables() + ((long) random.nextInt(0x400) << 12) | 3;
            default -> ~word;
        };
    }

    private static String requests(Random random) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            lines.append("0x")
                    .append(Integer.toHexString(random.nextInt(0x400)))
                    .append(random.nextBoolean() ? " - " : " 3 ")
                    .append("0x")
                    .append(Long.toHexString(0xffe00000L + random.nextInt(0x200000)))
                    .append(" r\n");
        }
        return lines.toString();
    }
}
