package dev.sva4j.conformance.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of the surface is told line by line, and goes in with a line in the change log only. */
class SignatureFileTest {
    private static final List<String> BEFORE =
            List.of("public class A", "    method public int a()", "", "public class B");
    private static final List<String> AFTER =
            List.of("public class A", "    method public long a()", "", "public class B", "    method public void b()");

    @TempDir
    private Path folder;

    @Test
    void theSameSurfacePasses() throws IOException {
        file("- one").update(BEFORE);

        assertThatCode(() -> file("- one").check(BEFORE)).doesNotThrowAnyException();
    }

    @Test
    void aChangeIsTheDifferenceAndHowToUpdate() throws IOException {
        file("- one").update(BEFORE);

        Throwable failure = catchThrowable(() -> file("- one").check(AFTER));

        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-D" + SignatureFile.UPDATE_PROPERTY)
                .hasMessageContaining("CHANGELOG.md")
                .hasMessageEndingWith("""
                        --- signatures.txt
                        +++ as compiled
                        @@ public class A
                        -    method public int a()
                        +    method public long a()
                        @@ public class B
                        +    method public void b()""");
    }

    @Test
    void aFileThatIsMissingIsAChangeOfEverything() {
        assertThat(catchThrowable(() -> file("- one").check(BEFORE))).hasMessageContaining("+public class B");
    }

    @Test
    void anUpdateWithoutALineInTheChangeLogIsRefused() throws IOException {
        file("- one").update(BEFORE);

        assertThat(catchThrowable(() -> file("- one").update(AFTER)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("CHANGELOG.md has not");

        file("- one", "- two").update(AFTER);
        assertThatCode(() -> file("- one", "- two").check(AFTER)).doesNotThrowAnyException();
    }

    @Test
    void anUpdateOfNothingWritesNothing() throws IOException {
        file("- one").update(BEFORE);
        String written = Files.readString(folder.resolve("signatures.txt"));

        file("- one", "- two").update(BEFORE);

        assertThat(folder.resolve("signatures.txt")).hasContent(written);
    }

    @Test
    void aVersionWithoutASectionIsRefused() {
        assertThat(catchThrowable(() -> file().check(BEFORE))).hasMessageContaining("no section '## 1.2'");
    }

    @Test
    void aSectionEndsWhereTheNextOneBegins() {
        Changelog changelog = Changelog.of(
                "1.2", List.of("# Changes", "", "## 1.3", "- late", "", "## 1.2", "", "- one", "", "## 1.1", "- old"));

        assertThat(changelog.lines()).containsExactly("- one");
        assertThat(Changelog.of("1.4", List.of("## 1.3", "- late")).isEmpty()).isTrue();
    }

    @Test
    void linesAreTheSameWhateverIsAroundThem() {
        assertThat(LineDiff.of(List.of("a", "b", "c"), List.of("x", "a", "c", "y")))
                .containsExactly("+x", "-b", "+y");
        assertThat(LineDiff.of(BEFORE, BEFORE)).isEmpty();
    }

    private SignatureFile file(String... changes) {
        return new SignatureFile(
                folder.resolve("signatures.txt"), "signatures.txt", new Changelog("1.2", List.of(changes)));
    }
}
