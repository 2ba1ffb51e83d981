package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds {@code docs/WRITING_A_PLUGIN.md} and the example that it explains together. */
class PluginGuideTest {
    private static final Path GUIDE = RepositoryFiles.root().resolve("docs/WRITING_A_PLUGIN.md");

    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- (\\S+) -->\\n)?```(?:java|xml)\\n(.*?)```", Pattern.DOTALL);

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    private final String guide = read(GUIDE);

    @TestFactory
    Stream<DynamicTest> codeIsThatOfItsFile() {
        return matches(BLOCK)
                .map(block -> DynamicTest.dynamicTest(titleOf(block), () -> {
                    assertThat(block.group(1)).as("file named above the block").isNotNull();
                    String file = read(RepositoryFiles.root().resolve(block.group(1)));

                    assertThat(unindented(file)).contains(unindented(block.group(2)));
                }));
    }

    @Test
    void thereIsCode() {
        assertThat(matches(BLOCK)).hasSizeGreaterThan(5);
    }

    @Test
    void linksLeadToFiles() {
        assertThat(matches(LINK).map(link -> GUIDE.resolveSibling(link.group(1))))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(target).exists());
    }

    private Stream<MatchResult> matches(Pattern pattern) {
        return pattern.matcher(guide).results();
    }

    private static String titleOf(MatchResult block) {
        List<String> lines = block.group(2).lines().toList();
        return lines.get(0).strip();
    }

    /** How far a block is indented is all that may differ. */
    private static String unindented(String text) {
        StringBuilder lines = new StringBuilder("\n");
        text.lines().forEach(line -> lines.append(line.strip()).append('\n'));
        return lines.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
