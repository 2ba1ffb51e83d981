package dev.sva4j.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {
    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void linesWithAndWithoutEnd() throws IOException {
        BoundedLines lines = new BoundedLines(bytes("one\n\nthree"));
        assertThat(lines.next()).isEqualTo("one");
        assertThat(lines.next()).isEmpty();
        assertThat(lines.next()).isEqualTo("three");
        assertThat(lines.next()).isNull();
        assertThat(lines.next()).isNull();
    }

    @Test
    void longLinesAreCut() throws IOException {
        BoundedLines lines = new BoundedLines(bytes("x".repeat(100_000) + "\nnext"));
        assertThat(lines.next()).hasSize(1024);
        assertThat(lines.next()).isEqualTo("next");
    }

    @Test
    void whatIsNotAsciiIsNoDigit() throws IOException {
        assertThat(new BoundedLines(bytes("é")).next()).isEqualTo("??");
    }

    /** Half a request is no reason to keep answers back: who sent it may be waiting for them. */
    @Test
    void onlyAWholeLineCounts() throws IOException {
        BoundedLines lines = new BoundedLines(new SequenceInputStream(bytes("one\ntwo\nthr"), bytes("ee\n")));
        assertThat(lines.hasLine()).isFalse();
        assertThat(lines.next()).isEqualTo("one");
        assertThat(lines.hasLine()).isTrue();
        assertThat(lines.next()).isEqualTo("two");
        assertThat(lines.hasLine()).isFalse();
        assertThat(lines.next()).isEqualTo("three");
        assertThat(lines.hasLine()).isFalse();
    }
}
